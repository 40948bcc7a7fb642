"""How much a Dask cluster of two workers typesets in the time of two processes here, with one worker killed or none.

    bench/cluster.py [DOCUMENTS]

Each document is A/RES/56/149 under another symbol, in six languages. Medians of three runs, the two ways in turn.
"""

from __future__ import annotations

import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from distributed import LocalCluster

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "resolutions" / "A_RES_56_149"
RUNS = 3


def project(folder: Path, documents: int) -> None:
    """Make a project with so many resolutions."""
    shutil.copy(ROOT / "publish.yaml", folder)
    for number in range(1, documents + 1):
        own = folder / "resolutions" / f"A_RES_56_{number}"
        own.mkdir(parents=True)
        for path in SAMPLE.glob("*.yaml"):
            text = path.read_text(encoding="utf-8").replace("symbol: A/RES/56/149", f"symbol: A/RES/56/{number}")
            (own / path.name).write_text(text, encoding="utf-8")


def build(folder: Path, *words: str, victim: int = 0, after: int = 0) -> tuple[float, int]:
    """Build a project with an empty cache, killing a process after some files; gives the seconds and the files."""
    shutil.rmtree(folder / "output", ignore_errors=True)
    with tempfile.TemporaryDirectory() as cache:
        began = time.perf_counter()
        command = [sys.executable, "-m", "publish", "build", *words]
        environment = os.environ | {"PUBLISH_CACHE": cache}
        with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as running:
            for number, _ in enumerate(running.stdout, 1):
                if victim and number == after:
                    os.kill(victim, signal.SIGKILL)
        assert running.returncode == 0
        return time.perf_counter() - began, len(list((folder / "output").rglob("*.pdf")))


def main(documents: int) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project(folder, documents)
        here, there = [], []
        for _ in range(RUNS):
            here.append(build(folder, "-j", "2")[0])
            with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
                there.append(build(folder, "--cluster", cluster.scheduler_address)[0])
        with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
            victim = next(iter(cluster.workers.values())).pid
            words = ("--cluster", cluster.scheduler_address)
            killed, files = build(folder, *words, victim=victim, after=documents * 3)
    print(f"{documents * 6} PDFs, medians of {RUNS} runs")
    print(f"two processes here      {statistics.median(here):7.1f} s")
    print(f"two workers of a cluster{statistics.median(there):7.1f} s")
    print(f"one of them killed      {killed:7.1f} s, {files} PDFs")
    print(f"throughput of the cluster to that here: {statistics.median(here) / statistics.median(there):.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
