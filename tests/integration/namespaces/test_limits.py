"""Commands that hang, fill memory, fork without end, or leave something behind."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.rooms import Room, processes_with, room, until
from wrongarch.namespaces.plan import DEFAULT_LIMITS, Plan, PlanMount


@pytest.fixture(scope="module")
def shared(native: Path, tools: PlanMount) -> Iterator[Room]:
    with room(Plan(root=native, mounts=(tools,))) as opened:
        yield opened


def inhabitants(opened: Room) -> list[str]:
    """Command lines of all processes in the root but those of the question itself."""
    # the agent's text has many lines while coverage measures it
    text = opened.read("for p in /proc/[0-9]*; do tr '\\0\\n' '  ' <$p/cmdline; echo; done 2>/dev/null; true")
    return [line for line in text.splitlines() if line.strip() and "/proc/[0-9]*" not in line and "-I -S" not in line]


def test_timeout(shared: Room) -> None:
    begin = time.monotonic()
    ending = shared.run("sleep", "1010", timeout=0.5).ending
    assert (ending.reason, ending.signal, ending.exit_code) == ("timeout", signal.SIGKILL, None)
    assert 0.5 <= ending.seconds < 3
    assert time.monotonic() - begin < 4
    assert inhabitants(shared) == []


def test_timeout_of_a_program_that_catches_every_signal(shared: Room) -> None:
    ran = shared.shell("trap '' TERM INT HUP QUIT; echo up; while :; do sleep 1; done", timeout=0.5)
    assert (ran.ending.reason, ran.out) == ("timeout", b"up\n")
    assert ran.ending.stray == 1


def test_a_command_within_its_limits_is_left_alone(shared: Room) -> None:
    ending = shared.shell("sleep 0.3; exit 5", timeout=30, memory=100 << 20, processes=10).ending
    assert (ending.reason, ending.exit_code, ending.stray) == ("exit", 5, 0)


def test_memory(shared: Room) -> None:
    ending = shared.run("tail", "/dev/zero", memory=100 << 20, timeout=30).ending
    assert (ending.reason, ending.signal) == ("memory", signal.SIGKILL)
    assert ending.max_rss > 100 << 20


def test_memory_of_all_processes_of_a_command_counts(shared: Room) -> None:
    hold = "(head -c 60000000 /dev/zero | tail -c 60000000 | sleep 30) &"
    ending = shared.shell(f"{hold} {hold} {hold} wait", memory=150 << 20, timeout=30).ending
    assert ending.reason == "memory"
    assert inhabitants(shared) == []


def test_memory_of_one_command_is_not_that_of_another(shared: Room) -> None:
    hog = shared.start("sh", "-c", "head -c 90000000 /dev/zero | tail -c 90000000 | sleep 3; exit 0")
    modest = shared.run("sleep", "1.5", memory=50 << 20).ending
    assert (modest.reason, modest.exit_code) == ("exit", 0)
    assert hog.wait().ending.reason == "exit"


def test_number_of_processes(shared: Room) -> None:
    ending = shared.shell("for i in $(seq 30); do sleep 1011 & done; wait", processes=20, timeout=30).ending
    assert ending.reason == "processes"
    assert ending.stray >= 20
    assert inhabitants(shared) == []


def test_processes_left_behind_are_ended_and_counted(shared: Room) -> None:
    ran = shared.shell("sleep 1012 & sleep 1012 & (sleep 1012 &) ; echo left", timeout=30)
    assert (ran.ending.reason, ran.ending.exit_code, ran.ending.stray) == ("exit", 0, 3)
    assert ran.out == b"left\n"
    assert ran.ending.seconds < 5
    assert inhabitants(shared) == []


def test_a_daemon_with_a_session_of_its_own_is_ended_too(shared: Room) -> None:
    """It left its parent, its group and its session; the marker in its environment is what tells."""
    script = "(/busybox setsid sleep 1013 </dev/null >/dev/null 2>&1 &); sleep 0.1"
    ending = shared.shell(script).ending
    assert (ending.reason, ending.stray) == ("exit", 1)
    assert inhabitants(shared) == []


def test_a_daemon_without_the_marker_is_ended_too_if_it_was_seen_before(shared: Room) -> None:
    other = shared.start("sleep", "2")
    script = "env -i /busybox setsid sleep 1014 </dev/null >/dev/null 2>&1 & sleep 0.5"
    ending = shared.shell(script, timeout=30).ending
    assert (ending.reason, ending.stray) == ("exit", 1)
    assert inhabitants(shared) == ["sleep 2 "]
    other.kill()
    other.wait()


def test_a_daemon_that_nobody_saw_is_ended_with_the_last_command(shared: Room) -> None:
    escape = "(env -i /busybox setsid sleep 1014 </dev/null >/dev/null 2>&1 &); sleep 0.1"
    assert shared.shell(escape, timeout=30).ending.stray == 1
    assert inhabitants(shared) == []
    other = shared.start("sleep", "1")
    assert shared.shell(escape, timeout=30).ending.stray == 0
    assert other.wait().ending.stray == 1
    assert inhabitants(shared) == []


def test_strays_of_one_command_leave_those_of_another_alone(shared: Room) -> None:
    other = shared.start("sh", "-c", "sleep 1 & /busybox setsid sleep 1 & wait; echo fine")
    time.sleep(0.2)
    assert shared.shell("sleep 1015 & exit 3").ending.stray == 1
    ran = other.wait()
    assert (ran.out, ran.ending.exit_code, ran.ending.stray) == (b"fine\n", 0, 0)


@pytest.mark.parametrize(
    "bomb",
    [
        pytest.param("b() { b | b & }; b; sleep 1016", id="of pipes"),
        pytest.param("while :; do sleep 1016 & done", id="of a loop"),
        pytest.param(
            "b() { /busybox setsid /busybox sh -c 'while :; do sleep 1016 & done' & b & }; b; wait", id="of sessions"
        ),
    ],
)
def test_fork_bombs_are_ended_as_a_whole(native: Path, tools: PlanMount, bomb: str) -> None:
    limits = {**DEFAULT_LIMITS, "NPROC": 1500}  # so many that a bomb does not burn out before a slow machine looks
    with room(Plan(root=native, mounts=(tools,), limits=limits)) as opened:
        ending = opened.shell(bomb, processes=60, timeout=60).ending
        assert ending.reason == "processes"
        # the next one has the place for itself
        until(lambda: opened.shell("exit 6").ending.exit_code == 6)
        assert inhabitants(opened) == []


def test_a_bomb_without_a_limit_of_its_own_meets_that_of_the_root(native: Path) -> None:
    limits = {**DEFAULT_LIMITS, "NPROC": 50}
    with room(Plan(root=native, limits=limits)) as opened:
        ran = opened.shell("while sleep 1017 & do :; done", timeout=5)
        assert b"fork" in ran.out
        until(lambda: opened.shell("exit 6").ending.exit_code == 6)


def test_a_bomb_is_gone_when_the_root_is_closed(native: Path) -> None:
    limits = {**DEFAULT_LIMITS, "NPROC": 100}
    with room(Plan(root=native, limits=limits)) as opened:
        opened.start("sh", "-c", "while sleep 101821 & do :; done; wait")
        time.sleep(0.5)
    assert processes_with("101821") == []


def test_limits_of_the_root(native: Path) -> None:
    with room(Plan(root=native, limits={"CORE": 0, "NOFILE": 123, "NPROC": 77})) as opened:
        text = opened.read("cat /proc/self/limits")
    found = {
        name: re.search(rf"^Max {name} +(\S+) +(\S+)", text, re.MULTILINE)
        for name in ("core file size", "open files", "processes")
    }
    assert [match and match.groups() for match in found.values()] == [("0", "0"), ("123", "123"), ("77", "77")]


def test_an_unlimited_limit_is_that_of_the_user(native: Path) -> None:
    with room(Plan(root=native, limits={"NOFILE": -1})) as opened:
        text = opened.read("grep 'open files' /proc/self/limits")
    ours = Path("/proc/self/limits").read_text()
    hard = re.search(r"^Max open files +\S+ +(\S+)", ours, re.MULTILINE)
    assert hard is not None
    assert text.split()[3:5] == [hard[1], hard[1]]


def test_no_core_files(native: Path, shared: Room) -> None:
    assert shared.shell("ulimit -c unlimited 2>/dev/null; ulimit -c").out == b"0\n"
