"""Which process belongs to which command."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from wrongarch.namespaces.agent import watch
from wrongarch.namespaces.agent.watch import Census, Process


class World:
    """Processes as /proc would show them."""

    def __init__(self) -> None:
        self.processes: dict[int, Process] = {}
        self.markers: dict[int, int] = {}
        self.clock = 0

    def add(
        self,
        pid: int,
        parent: int = 1,
        *,
        group: int = 0,
        session: int = 0,
        rss: int = 100,
        zombie: bool = False,
        marker: int = 0,
        started: int | None = None,
    ) -> None:
        self.clock += 1
        self.processes[pid] = Process(
            pid, parent, group or pid, session or pid, self.clock if started is None else started, rss, zombie
        )
        self.markers[pid] = marker

    def move(self, pid: int, parent: int) -> None:
        """What the kernel does when a parent dies."""
        old = self.processes[pid]
        self.processes[pid] = Process(pid, parent, old.group, old.session, old.started, old.rss, old.zombie)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()
    monkeypatch.setattr(watch, "_all_pids", lambda: list(made.processes))
    monkeypatch.setattr(watch, "read_process", made.processes.get)
    monkeypatch.setattr(watch, "_marker_of", lambda pid: made.markers[pid])
    return made


def pids(census: Census, leaders: dict[int, int]) -> dict[int, list[int]]:
    return {number: sorted(usage.pids) for number, usage in census.scan(leaders).items()}


def test_children_of_children_belong_to_the_command(world: World) -> None:
    world.add(10)
    world.add(20)
    world.add(11, 10)
    world.add(12, 11)
    world.add(21, 20)
    assert pids(Census(), {10: 1, 20: 2}) == {1: [10, 11, 12], 2: [20, 21]}


def test_group_and_session_tell_where_the_parent_is_gone(world: World) -> None:
    world.add(11, 1, group=10, session=10)
    world.add(12, 1, group=12, session=10)
    assert pids(Census(), {10: 1}) == {1: [11, 12]}


def test_the_marker_tells_where_nothing_else_does(world: World) -> None:
    world.add(30, 1, marker=7)
    world.add(31, 1)
    assert pids(Census(), {10: 7}) == {7: [30], 0: [31]}


def test_once_known_always_known(world: World) -> None:
    census = Census()
    world.add(10)
    world.add(11, 10, group=11, session=11)
    assert pids(census, {10: 1}) == {1: [10, 11]}
    del world.processes[10]
    world.move(11, 1)
    assert pids(census, {10: 1}) == {1: [11]}
    world.add(12, 11, group=12, session=12)
    assert pids(census, {10: 1}) == {1: [11, 12]}


def test_a_number_that_is_used_again_is_another_process(world: World) -> None:
    census = Census()
    world.add(10)
    world.add(11, 10, group=11, session=11)
    census.scan({10: 1})
    world.add(11, 1, started=999)
    assert pids(census, {10: 1}) == {1: [10], 0: [11]}


def test_the_parent_of_a_process_may_have_been_known_before(world: World) -> None:
    """It died between two scans, and its child was not moved yet when we looked."""
    census = Census()
    world.add(10)
    world.add(11, 10, group=11, session=11)
    census.scan({10: 1})
    del world.processes[11]
    world.add(12, 11, group=12, session=12)
    assert pids(census, {10: 1}) == {1: [10, 12]}


def test_the_dead_count_for_nothing(world: World) -> None:
    world.add(10, rss=5)
    world.add(11, 10, zombie=True, rss=7)
    [usage] = Census().scan({10: 1}).values()
    assert (usage.pids, usage.rss) == ([10], 5)


def test_memory_is_summed(world: World) -> None:
    world.add(10, rss=5)
    world.add(11, 10, rss=7)
    world.add(20, rss=1)
    usage = Census().scan({10: 1, 20: 2})
    assert {number: entry.rss for number, entry in usage.items()} == {1: 12, 2: 1}


def test_one_that_ends_while_we_look_is_passed_over(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.add(10)
    monkeypatch.setattr(watch, "_all_pids", lambda: [10, 11])
    assert pids(Census(), {10: 1}) == {1: [10]}


class TestReading:
    def test_this_process(self) -> None:
        found = watch.read_process(os.getpid())
        assert found is not None
        assert (found.pid, found.parent, found.group) == (os.getpid(), os.getppid(), os.getpgrp())
        assert found.session == os.getsid(0)
        assert 1 << 20 < found.rss < 4 << 30
        assert found.started > 0
        assert not found.zombie

    def test_a_name_may_hold_anything(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        numbers = " ".join(str(number) for number in range(4, 60))
        for name in (b"plain", b"a) R 1 2 3 (b", b"new\nline", b"\xff)"):
            text = b"77 (" + name + b") S " + numbers.encode()
            monkeypatch.setattr("builtins.open", lambda *_, text=text: _file(tmp_path, text))
            found = watch.read_process(77)
            monkeypatch.undo()
            assert found is not None
            assert (found.parent, found.group, found.session, found.started) == (4, 5, 6, 22)

    def test_none_where_there_is_none(self) -> None:
        assert watch.read_process(2**22 + 5) is None
        assert watch._marker_of(2**22 + 5) == 0

    def test_the_marker_of_this_process(self) -> None:
        assert watch._marker_of(os.getpid()) == 0  # the environment it was started with has none

    @pytest.mark.parametrize(
        ("environment", "number"),
        [
            (b"A=1\0WRONGARCH_COMMAND=12\0B=2\0", 12),
            (b"WRONGARCH_COMMAND=x\0", 0),
            (b"XWRONGARCH_COMMAND=3\0WRONGARCH_COMMANDS=4\0", 0),
            (b"", 0),
        ],
    )
    def test_a_marker(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: bytes, number: int) -> None:
        monkeypatch.setattr("builtins.open", lambda *_: _file(tmp_path, environment))
        found = watch._marker_of(5)
        monkeypatch.undo()
        assert found == number

    def test_process_one_is_never_listed(self) -> None:
        listed = watch._all_pids()
        assert os.getpid() in listed
        assert 1 not in listed


def _file(folder: Path, content: bytes) -> object:
    path = folder / "file"
    path.write_bytes(content)
    return os.fdopen(os.open(path, os.O_RDONLY), "rb")
