"""Typesetting on a Dask cluster. The only owner of Dask.

Workers need the press and its fonts, and the project's files under the same path. What a worker had not finished when
it died is done by another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from publish.desk import press
from publish.finding import Finding, Rejected

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publish.desk.press import Crew, Style
    from publish.paper.typeset import Pdf
    from publish.project import Project
    from publish.text.resolution import Resolution

DEATHS = 3  # of workers, for which one document may be the cause
TIMEOUT = "20s"


def on_cluster(address: str) -> Crew:
    """Give a crew of the workers of a cluster, whose scheduler answers at an address."""

    def crew(
        project: Project, orders: Sequence[tuple[Resolution, str]], style: Style
    ) -> Iterator[tuple[int, Pdf | Rejected]]:
        try:
            from distributed import Client, as_completed  # noqa: PLC0415  # an extra of its own
        except ImportError:
            hint = "pip install 'publish-resolutions[cluster]'"
            raise Rejected([Finding("T09", "Dask is not installed", hint=hint)]) from None
        try:
            client = Client(address, timeout=TIMEOUT)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            message = f"no cluster answers at {address}: {str(error).splitlines()[0]}"
            raise Rejected([Finding("T09", message)]) from None
        with client:
            futures = [
                client.submit(_work, project, found, code, style, pure=False, allowed_failures=DEATHS)
                for found, code in orders
            ]
            numbers = {future.key: number for number, future in enumerate(futures)}
            for future in as_completed(futures):  # type: ignore[no-untyped-call]
                result = future.result() if future.status == "finished" else _lost(future)
                yield numbers[future.key], result

    return crew


def _lost(future: object) -> Rejected:
    error = future.exception()  # type: ignore[attr-defined]
    return Rejected([Finding("T07", f"the cluster fails: {type(error).__name__}: {str(error)[:200]}")])


def _work(project: Project, found: Resolution, code: str, style: Style) -> Pdf | Rejected:
    return press.in_this_process(project, found, code, style)
