"""The files of deploy/ are sound in form, and run commands that there are."""

from __future__ import annotations

import re
import shlex
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import click
import pytest
import yaml
from conftest import ROOT

from publish import cli
from publish.issue import webhook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEPLOY = ROOT / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
MANIFESTS = sorted(DEPLOY.glob("*.yaml"))
BLOCKS = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGE = (ROOT / "docs" / "publishing-job.md").read_text(encoding="utf-8")
# Directives of systemd.unit, systemd.service, systemd.exec, systemd.kill, systemd.timer and so on, of version 252.
KNOWN = {
    "Unit": "Description Documentation Wants After StartLimitIntervalSec",
    "Service": """
        Type User Group WorkingDirectory Environment EnvironmentFile ExecStart ExecReload Restart RestartSec KillMode
        KillSignal TimeoutStartSec TimeoutStopSec UMask ProtectSystem ReadWritePaths StateDirectory CacheDirectory
        PrivateTmp ProtectHome PrivateDevices ProtectKernelTunables ProtectKernelModules ProtectKernelLogs
        ProtectControlGroups ProtectClock ProtectHostname ProtectProc NoNewPrivileges CapabilityBoundingSet
        AmbientCapabilities RestrictAddressFamilies RestrictNamespaces RestrictRealtime RestrictSUIDSGID RemoveIPC
        LockPersonality SystemCallArchitectures SystemCallFilter SystemCallErrorNumber IPAddressDeny IPAddressAllow
    """,
    "Timer": "OnCalendar AccuracySec Persistent Unit",
    "Install": "WantedBy",
}
OFTEN = {"Environment", "IPAddressAllow"}
HARDENED = {
    "ProtectSystem": "strict",
    "NoNewPrivileges": "yes",
    "PrivateTmp": "yes",
    "ProtectHome": "yes",
    "CapabilityBoundingSet": "",
    "User": "publish",
}
SECRETS = {"PUBLISH_WEBHOOK_SECRET"}
ENVIRONMENT = {"PUBLISH_REGISTER", "PUBLISH_CACHE", "PUBLISH_FONT_CACHE", "HOME", *SECRETS}


def unit(path: Path) -> dict[str, list[tuple[str, str]]]:
    """Read a unit, and refuse whatever is neither a comment, a section nor a directive."""
    sections: dict[str, list[tuple[str, str]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if found := re.fullmatch(r"\[(\w+)\]", line):
            assert found[1] not in sections
            current = sections.setdefault(found[1], [])
            continue
        directive = re.fullmatch(r"([A-Z]\w+)=(.*)", line)
        assert directive, line
        current.append((directive[1], directive[2]))
    return sections


def manifest(path: Path) -> dict[str, Any]:
    """Read a manifest, which is one."""
    (one,) = yaml.safe_load_all(path.read_text(encoding="utf-8"))
    return dict(one)


def pod(data: dict[str, Any]) -> dict[str, Any]:
    """Give what a manifest says of its pods."""
    spec = data["spec"]["jobTemplate"]["spec"] if data["kind"] == "CronJob" else data["spec"]
    return dict(spec["template"]["spec"])


def cron() -> Iterator[str]:
    """Give the lines of the table of cron that are not comments."""
    for line in (DEPLOY / "publish.cron").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def understood(words: list[str]) -> None:
    """See that a command is one, and that all its options and arguments are understood; it is not run."""
    command: click.Command = cli.main
    context = click.Context(command, info_name="publish")
    while isinstance(command, click.Group):
        name, command, words = command.resolve_command(context, words)  # type: ignore[assignment]
        context = click.Context(command, info_name=name, parent=context)
    parser = command.make_parser(context)
    given, rest, _ = parser.parse_args(args=words)
    assert not rest
    for parameter in command.params:
        if isinstance(parameter.type, click.Path):
            continue  # it is there where the command runs
        value = given.get(parameter.name or "")
        if value is not None and not isinstance(value, bool) and isinstance(parameter, click.Option):
            parameter.type_cast_value(context, value)


def published(words: list[str]) -> list[str]:
    """Give the words after the program, which is publish."""
    assert "publish" == words[0].rpartition("/")[2]
    return words[1:]


# ---- systemd


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_have_known_directives(path: Path) -> None:
    """A unit has sections and directives that systemd knows, each once where it makes no list."""
    sections = unit(path)
    expected = {"Unit", "Timer", "Install"} if path.suffix == ".timer" else {"Unit", "Service"}
    assert expected <= sections.keys() <= KNOWN.keys()
    for section, directives in sections.items():
        names = Counter(name for name, _ in directives)
        assert set() == names.keys() - set(KNOWN[section].split())
        assert [] == [name for name, count in names.items() if count > 1 and name not in OFTEN]


@pytest.mark.parametrize("path", [one for one in UNITS if one.suffix == ".service"], ids=lambda path: path.name)
def test_services_are_confined(path: Path) -> None:
    """A service writes its own folders alone, has no privileges, and holds no secret; its command exists."""
    sections = unit(path)["Service"]
    found = dict(sections)
    assert HARDENED == {name: found[name] for name in HARDENED}
    names = [value.partition("=")[0] for name, value in sections if name == "Environment"]
    assert set(names) <= ENVIRONMENT - SECRETS
    words = published(shlex.split(found["ExecStart"]))
    understood(words)
    assert found["WorkingDirectory"] == words[words.index("--root") + 1]
    assert found["ReadWritePaths"] == f"{found['WorkingDirectory']}/output"


def test_the_timer_starts_the_job_every_minute() -> None:
    """The timer names a service that is there, runs at each minute, and makes up for what was missed."""
    timer = dict(unit(DEPLOY / "publish-issue.timer")["Timer"])
    assert ("*-*-* *:*:00", "true", "publish-issue.service") == tuple(
        timer[name] for name in ("OnCalendar", "Persistent", "Unit")
    )
    assert "oneshot" == dict(unit(DEPLOY / timer["Unit"])["Service"])["Type"]


def test_the_resident_form_is_started_again_and_reloaded() -> None:
    """The service that stays is started again after a failure, told to look again by SIGHUP, and ended by SIGTERM."""
    service = dict(unit(DEPLOY / "publish-schedule.service")["Service"])
    names = ("Type", "Restart", "ExecReload", "KillSignal", "KillMode")
    expected = ("exec", "on-failure", "/bin/kill -HUP $MAINPID", "SIGTERM", "mixed")
    assert expected == tuple(service[name] for name in names)


# ---- cron


def test_the_line_of_cron() -> None:
    """The table sets variables and has one line: five fields, the user, and a command that exists; % has no meaning."""
    *variables, line = cron()
    for one in variables:
        assert re.fullmatch(r"[A-Z_]+=[^%\"']+", one)
        assert one.partition("=")[0] in ENVIRONMENT - SECRETS | {"SHELL", "MAILTO"}
    *fields, user, command = line.split(None, 6)
    for field, (least, most) in zip(fields, [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)], strict=True):
        assert field == "*" or all(least <= int(one) <= most for one in re.split(r"[-,/]", field.removeprefix("*/")))
    assert "publish" == user
    assert "%" not in command
    words = shlex.split(command)
    understood(published(words[: words.index(">/dev/null")]))
    assert (DEPLOY / "publish.cron").read_bytes().endswith(b"\n")


# ---- Kubernetes


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_manifests_have_what_they_need(path: Path) -> None:
    """A manifest has its kind, its name and its pods; containers name their images and mount volumes that are there."""
    data = manifest(path)
    kinds = {"CronJob": "batch/v1", "Deployment": "apps/v1"}
    assert kinds[data["kind"]] == data["apiVersion"]
    assert {"apiVersion", "kind", "metadata", "spec"} == data.keys()
    assert re.fullmatch(r"[a-z][a-z0-9-]{0,51}", data["metadata"]["name"])
    spec = pod(data)
    volumes = {one["name"] for one in spec["volumes"]}
    for container in [*spec["initContainers"], *spec["containers"]]:
        assert {"name", "image", "command", "env", "volumeMounts", "securityContext"} <= container.keys()
        assert volumes == {one["name"] for one in container["volumeMounts"]}
        assert {one["name"] for one in container["env"]} <= ENVIRONMENT
        assert all(isinstance(word, str) for word in container["command"])
        understood(published(container["command"]))


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_pods_are_confined(path: Path) -> None:
    """Containers are not root, write to no root, and get secrets from where the cluster keeps them."""
    spec = pod(manifest(path))
    assert spec["securityContext"]["runAsNonRoot"]
    assert 0 < spec["securityContext"]["runAsUser"]
    assert spec["automountServiceAccountToken"] is False
    least = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
    for container in [*spec["initContainers"], *spec["containers"]]:
        assert least == container["securityContext"]
        for one in container["env"]:
            secret = one["name"] in SECRETS | {"PUBLISH_REGISTER"}
            assert secret == ("secretKeyRef" in one.get("valueFrom", {}))
            assert secret != isinstance(one.get("value"), str)


def test_the_job_of_the_cluster() -> None:
    """Runs do not overlap, are tried again by the next one, and count minutes in a zone that is named."""
    spec = manifest(DEPLOY / "cronjob.yaml")["spec"]
    assert ("* * * * *", "Etc/UTC", "Forbid") == tuple(
        spec[name] for name in ("schedule", "timeZone", "concurrencyPolicy")
    )
    job = spec["jobTemplate"]["spec"]
    assert ("Never", 0) == (job["template"]["spec"]["restartPolicy"], job["backoffLimit"])


def test_the_deployment_is_probed_where_it_answers() -> None:
    """There is one process; it is ready where /ready says so, on the port that its command names."""
    data = manifest(DEPLOY / "deployment.yaml")
    assert (1, "Recreate") == (data["spec"]["replicas"], data["spec"]["strategy"]["type"])
    labels = data["spec"]["template"]["metadata"]
    assert data["spec"]["selector"]["matchLabels"].items() <= labels["labels"].items()
    (container,) = pod(data)["containers"]
    command, (port,) = container["command"], container["ports"]
    assert str(port["containerPort"]) == command[command.index("--port") + 1]
    assert str(port["containerPort"]) == labels["annotations"]["prometheus.io/port"]
    expected = {"startupProbe": "/ready", "readinessProbe": "/ready", "livenessProbe": "/status"}
    assert expected == {name: container[name]["httpGet"]["path"] for name in expected}
    assert {port["name"]} == {container[name]["httpGet"]["port"] for name in expected}


# ---- What the page on the job says


def test_the_page_shows_commands_that_there_are() -> None:
    """Every command of the press that the page shows is one that the command line has, with options that it has."""
    lines = [line for block in BLOCKS.findall(PAGE) for line in block.splitlines()]
    shown = [shlex.split(line, comments=True) for line in lines if line.startswith("publish ")]
    inline = [shlex.split(one) for one in re.findall(r"`(publish [^`]+)`", PAGE)]
    assert len(shown) > 8
    for words in [*shown, *inline]:
        understood([word for word in words[1:] if word not in {"N", "..."}])


def test_the_page_verifies_signatures() -> None:
    """The program that the page gives to receivers accepts what the press signs, and nothing else or old."""
    program = re.search(r"```python\n# verify.py\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert program
    names: dict[str, Any] = {}
    exec(program[1], names)
    for secret in ("plain words", "whsec_c2VjcmV0IGtleQ=="):
        moment = str(int(time.time()))
        headers = {"webhook-id": "1", "webhook-timestamp": moment}
        headers["webhook-signature"] = webhook.signature(secret, "1", moment, b"{}")
        assert names["is_genuine"](headers, b"{}", secret)
        assert not names["is_genuine"](headers, b"{ }", secret)
        assert not names["is_genuine"](headers, b"{}", "another")
        assert not names["is_genuine"](headers | {"webhook-timestamp": "1"}, b"{}", secret)


@pytest.mark.parametrize("path", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_the_page_tells_of_every_file(path: Path) -> None:
    """Every file of deploy/ is on the page on the job."""
    assert f"deploy/{path.name}" in PAGE
