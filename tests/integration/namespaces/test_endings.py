"""Whatever ends our own process: no process and no mount of a root is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.rooms import processes_with, until

REPO = Path(__file__).parents[3]  # where `tests` is found
HOST = """
import sys, threading
from pathlib import Path
from tests.support.rooms import room
from wrongarch.namespaces.plan import Plan
with room(Plan(root=Path(sys.argv[1]))) as opened:
    opened.start("sh", "-c", "sleep 2020202 & /busybox setsid sleep 2020202 & wait")
    running = opened.start("sh", "-c", "sleep 2020202 & echo up; wait")
    running.printed(b"up\\n")
    try:
        print("up", opened.root._agent.pid, flush=True)
        running.wait(None)
    except KeyboardInterrupt:
        print("interrupted", flush=True)
        sys.exit(130)
"""


@pytest.fixture
def host(native: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process of ours with commands under way in a root."""
    line = [sys.executable, "-c", HOST, str(native)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True, start_new_session=True, cwd=REPO) as process:
        assert process.stdout is not None
        word, agent = process.stdout.readline().split()
        assert word == "up"
        process.agent = int(agent)  # type: ignore[attr-defined]  # for the tests below
        assert len(processes_with("2020202")) >= 3
        yield process
        process.kill()


def gone(agent: int) -> bool:
    return not Path(f"/proc/{agent}/cwd").exists() and not processes_with("2020202")


def mounts() -> list[str]:
    return sorted(Path("/proc/self/mounts").read_text().splitlines())


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGABRT], ids=lambda number: number.name)
def test_when_we_are_killed(host: subprocess.Popen[str], number: signal.Signals) -> None:
    before = mounts()
    host.send_signal(number)
    assert host.wait(10) == -number
    until(lambda: gone(host.agent), 5)  # type: ignore[attr-defined]
    assert mounts() == before


def test_when_we_are_interrupted(host: subprocess.Popen[str]) -> None:
    os.killpg(host.pid, signal.SIGINT)  # as the terminal does it
    assert host.stdout is not None
    assert host.stdout.readline() == "interrupted\n"
    assert host.wait(10) == 130
    assert gone(host.agent)  # type: ignore[attr-defined]


def test_when_only_the_agent_is_killed(host: subprocess.Popen[str]) -> None:
    os.kill(host.agent, signal.SIGKILL)  # type: ignore[attr-defined]
    assert host.wait(10) == 0  # its command is lost, so it goes on to its end
    assert gone(host.agent)  # type: ignore[attr-defined]


def test_a_stopped_process_of_ours_keeps_nobody_from_ending(host: subprocess.Popen[str]) -> None:
    host.send_signal(signal.SIGSTOP)
    host.kill()
    assert host.wait(10) == -signal.SIGKILL
    until(lambda: gone(host.agent), 5)  # type: ignore[attr-defined]


def test_when_we_are_killed_while_a_root_is_made(native: Path) -> None:
    """At many moments of its start."""
    script = HOST.replace("sleep 2020202", "sleep 2020203")
    for milliseconds in range(60, 360, 30):
        with subprocess.Popen(
            [sys.executable, "-c", script, str(native)], stdout=subprocess.DEVNULL, cwd=REPO
        ) as process:
            try:
                process.wait(milliseconds / 1000)
            except subprocess.TimeoutExpired:
                process.kill()
    until(lambda: not processes_with("2020203"), 5)
    until(lambda: not [pid for pid in processes_with("wrongarch.namespaces.agent.main") if _parent(pid) == 1], 5)


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return -1
