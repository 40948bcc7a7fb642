"""Typesetting on a Dask cluster. The only owner of Dask.

Workers need the press with its fonts, and the project's layouts and locales under the same path as here. What a worker
had not finished when it died is done by another.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from publish.desk import press
from publish.desk.inputs import Inputs
from publish.finding import Finding, Rejected

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from publish.desk.press import Crew, Style
    from publish.paper.typeset import Pdf
    from publish.project import Project
    from publish.text.resolution import Resolution

AHEAD = 8  # pieces of work that wait at a worker, so that it is never idle and the scheduler never full
TIMEOUT = "20s"


def on_cluster(address: str) -> Crew:
    """Give a crew of the workers of a cluster, whose scheduler answers at an address."""

    def crew(
        project: Project, orders: Sequence[tuple[Resolution, str]], style: Style
    ) -> Iterator[tuple[int, Pdf | Rejected]]:
        with _client(address) as client:
            from distributed import as_completed  # noqa: PLC0415

            state = Inputs(project).everything
            numbers: dict[Any, int] = {}

            def submit(number: int) -> Any:
                future = client.submit(_work, project, state, *orders[number], style, pure=False)
                numbers[future] = number
                return future

            waiting = iter(range(len(orders)))
            workers = max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
            first = [submit(number) for number, _ in zip(waiting, range(AHEAD * workers), strict=False)]
            work = as_completed(first)  # type: ignore[no-untyped-call]
            for future in work:
                if future not in numbers:  # a result that was lost with its worker is told of again
                    continue
                yield numbers.pop(future), _result(future)
                if (following := next(waiting, None)) is not None:
                    work.add(submit(following))  # type: ignore[no-untyped-call]
            for number in waiting:  # where the work above ends before its time, as it may when workers die
                submit(number)
            for future, number in numbers.items():
                yield number, _result(future)

    return crew


def _client(address: str) -> Any:
    try:
        from distributed import Client  # noqa: PLC0415  # an extra of its own
    except ImportError:
        hint = "pip install 'publish-resolutions[cluster]'"
        raise Rejected([Finding("T09", "Dask is not installed", hint=hint)]) from None
    try:
        return Client(address, timeout=TIMEOUT)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        message = f"no cluster answers at {address}: {(str(error).splitlines() or [''])[0]}"
        raise Rejected([Finding("T09", message)]) from None


_state: tuple[Project, str] | None = None
_one_at_a_time = threading.Lock()  # the engine is that of one thread


def _work(project: Project, state: str, found: Resolution, code: str, style: Style) -> Pdf | Rejected:
    """Typeset one language of a resolution in a process of the cluster, which must have the files of the client."""
    global _state  # noqa: PLW0603  # a process has one worker, for as long as nothing changes
    with _one_at_a_time:
        if _state != (project, state):
            if Inputs(project).everything != state:
                message = "a worker of the cluster has another press, or other typefaces, layouts or locales"
                return Rejected([Finding("T09", message, hint="give all of them the same, under the same paths")])
            try:
                press.start(project)
            except RuntimeError:
                message = "a worker of the cluster sees the fonts of another project"
                return Rejected([Finding("T09", message, hint="give a project with fonts of its own its own cluster")])
            _state = project, state
        return press.work(found, code, style)


def _result(future: Any) -> Pdf | Rejected:
    """Wait for a result, which another worker makes again where it was lost."""
    try:
        result: Pdf | Rejected = future.result()
    except Exception as error:  # noqa: BLE001  # whatever a cluster fails of
        return Rejected([Finding("T09", f"the cluster fails: {type(error).__name__}: {str(error)[:200]}")])
    return result
