"""Typesetting on a Dask cluster: the same bytes, and nothing lost with a worker."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT
from distributed import LocalCluster
from test_cli import PUBLISH, run

SAMPLE = ROOT / "resolutions" / "A_RES_56_149"


def project(folder: Path, documents: int) -> Path:
    """Make a project with so many resolutions, of which each has a text of its own."""
    folder.mkdir()
    shutil.copy(ROOT / "publish.yaml", folder)
    for number in range(1, documents + 1):
        own = folder / "resolutions" / f"A_RES_56_{number}"
        own.mkdir(parents=True)
        for path in SAMPLE.glob("*.yaml"):
            text = path.read_text(encoding="utf-8").replace("symbol: A/RES/56/149", f"symbol: A/RES/56/{number}")
            (own / path.name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """Two workers, which are started again when they die."""
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as running:
        yield running


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.pdf")}


def test_a_cluster_gives_the_same_bytes(tmp_path: Path, cluster: LocalCluster) -> None:
    """What a cluster typesets is byte for byte what this machine typesets."""
    here = project(tmp_path / "project", 2)
    run("build", "-o", str(tmp_path / "local"), here=here, PUBLISH_CACHE=str(tmp_path / "one"))
    words = ("build", "--cluster", cluster.scheduler_address, "-o", str(tmp_path / "cluster"))
    run(*words, here=here, PUBLISH_CACHE=str(tmp_path / "two"))
    assert 12 == len(files(tmp_path / "local"))
    assert files(tmp_path / "local") == files(tmp_path / "cluster")


def test_a_worker_that_dies_loses_nothing(
    tmp_path: Path, cluster: LocalCluster, request: pytest.FixtureRequest
) -> None:
    """With a worker killed half-way every document is finished, as if nothing had happened."""
    documents = 200 if request.config.getoption("--long") else 4
    here = project(tmp_path / "project", documents)
    words = [*PUBLISH, "build", "--cluster", cluster.scheduler_address, "-o", str(tmp_path / "out")]
    environment = os.environ | {"PUBLISH_CACHE": str(tmp_path / "cache")}
    with subprocess.Popen(words, cwd=here, env=environment, stdout=subprocess.PIPE, text=True) as build:
        told = 0
        for _ in build.stdout:
            told += 1
            if told == documents * 3:
                victim = next(one for one in cluster.workers.values() if one.pid)
                os.kill(victim.pid, signal.SIGKILL)
    assert 0 == build.returncode
    assert documents * 6 == len(files(tmp_path / "out")) == told - 1
    again = run("build", "--json", "-o", str(tmp_path / "out"), here=here, PUBLISH_CACHE=str(tmp_path / "cache"))
    assert documents * 6 == len(json.loads(again)["files"])


def test_no_cluster_is_a_finding(tmp_path: Path) -> None:
    """An address where no cluster answers is told in words, and nothing is written."""
    here = project(tmp_path / "project", 1)
    words = ("build", "--json", "--cluster", "tcp://127.0.0.1:9", "-o", str(tmp_path / "out"))
    told = json.loads(run(*words, here=here, ok=1, PUBLISH_CACHE=str(tmp_path / "cache")))
    assert ["T09"] == [one["code"] for one in told["findings"]]
    assert not (tmp_path / "out").exists()


def test_without_dask_a_cluster_is_a_finding(tmp_path: Path) -> None:
    """Where Dask is not installed, it is said how to install it."""
    here = project(tmp_path / "project", 1)
    (tmp_path / "distributed.py").write_text("raise ImportError\n", encoding="utf-8")
    command = [sys.executable, "-m", "publish"]
    words = ("build", "--json", "--cluster", "tcp://127.0.0.1:9", "-o", str(tmp_path / "out"))
    settings = {"PUBLISH_CACHE": str(tmp_path / "cache"), "PYTHONPATH": str(tmp_path)}
    told = json.loads(run(*words, here=here, ok=1, command=command, **settings))
    assert "publish-resolutions[cluster]" in told["findings"][0]["hint"]
