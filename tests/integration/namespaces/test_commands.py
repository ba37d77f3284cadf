"""Commands in a private root: how they end, what they print, what they are given."""

from __future__ import annotations

import hashlib
import random
import re
import signal
import threading
import time
from pathlib import Path

import pytest

from tests.support.rooms import Ran, Room, processes_with, room, until
from wrongarch.namespaces.plan import Plan


@pytest.mark.parametrize("code", [0, 1, 77, 127, 255])
def test_exit_codes_come_through(shared: Room, code: int) -> None:
    ending = shared.shell(f"exit {code}").ending
    assert (ending.reason, ending.exit_code, ending.signal) == ("exit", code, None)


@pytest.mark.parametrize("number", [signal.SIGABRT, signal.SIGSEGV, signal.SIGKILL, signal.SIGTERM, 34, 64])
def test_signals_come_through(shared: Room, number: int) -> None:
    ending = shared.shell(f"kill -{int(number)} $$").ending
    assert (ending.reason, ending.exit_code, ending.signal) == ("signal", None, number)


def test_a_shell_that_reports_a_signal_of_its_child_exits_by_itself(shared: Room) -> None:
    ending = shared.shell("sh -c 'kill -ABRT $$'; exit $?").ending
    assert (ending.reason, ending.exit_code) == ("exit", 128 + signal.SIGABRT)


@pytest.mark.parametrize(
    ("argv", "cwd", "words"),
    [
        (("no-such-program",), "/", "no-such-program in /: No such file"),
        (("/etc/passwd-none",), "/", "No such file"),
        (("/etc",), "/", "Permission denied"),
        (("true",), "/no/such/folder", "true in /no/such/folder: No such file"),
        (("true", "a\0b"), "/", "null byte"),
        ((), "/", "no program"),
    ],
)
def test_a_command_that_cannot_start_says_why(shared: Room, argv: tuple[str, ...], cwd: str, words: str) -> None:
    ending = shared.run(*argv, cwd=cwd).ending
    assert ending.reason == "not-started"
    assert words in ending.error
    assert shared.shell("exit 4").ending.exit_code == 4  # the session goes on


def test_words_that_are_no_utf8_come_through(shared: Room) -> None:
    word = b"caf\xe9".decode("utf-8", "surrogateescape")
    ran = shared.run("printf", "%s", word, env={"LATIN": word})
    assert ran.out == b"caf\xe9"
    assert shared.run(word).ending.reason == "not-started"
    assert shared.run("true", cwd=f"/{word}").ending.reason == "not-started"


def test_a_program_without_format_does_not_start(native: Path) -> None:
    with room(Plan(root=native, files={"/nonsense": "\x7fnonsense"})) as opened:
        assert opened.run("chmod", "755", "/nonsense").ending.exit_code == 0
        assert "Exec format error" in opened.run("/nonsense").ending.error


def test_environment_is_what_the_order_says_and_a_marker(shared: Room) -> None:
    ran = shared.run("/usr/bin/env", "-0", env={"A": "1", "B": "x=y z\n'", "PATH": "/nowhere"})
    found = dict(entry.split("=", 1) for entry in ran.text.split("\0") if entry)
    assert found.pop("WRONGARCH_COMMAND").isdigit()
    assert found == {"A": "1", "B": "x=y z\n'", "PATH": "/nowhere"}


def test_programs_are_looked_up_in_the_path_of_the_order(native: Path) -> None:
    script = "#!/bin/sh\necho own\n"
    with room(Plan(root=native, files={"/opt/own/ls": script})) as opened:
        opened.run("chmod", "755", "/opt/own/ls")
        assert opened.run("ls", env={"PATH": "/opt/own:/usr/bin:/bin"}).out == b"own\n"
        assert opened.run("ls", env={"PATH": "/opt/none"}).ending.reason == "not-started"


def test_working_folder(shared: Room) -> None:
    assert shared.run("pwd", cwd="/usr/share").out == b"/usr/share\n"


def test_standard_error_apart_and_together(shared: Room) -> None:
    script = "echo out; echo err >&2"
    apart = shared.shell(script, merge_stderr=False)
    assert (apart.out, apart.err) == (b"out\n", b"err\n")
    together = shared.shell(script)
    assert (together.out, together.err) == (b"out\nerr\n", b"")


def test_binary_output_is_left_alone(shared: Room) -> None:
    script = r"i=0; while [ $i -lt 256 ]; do printf \\$(printf %03o $i); i=$((i+1)); done"
    assert shared.shell(script).out == bytes(range(256))


def test_a_hundred_megabytes_arrive_whole(shared: Room) -> None:
    total, size = hashlib.sha256(), 0

    def take(data: bytes) -> None:
        nonlocal size
        size += len(data)
        total.update(data)

    script = "seq 1 100000000 | head -c 100000000"
    ending = shared.start("sh", "-c", script, on_output=take).wait().ending
    assert (ending.exit_code, size) == (0, 100_000_000)
    expected, left = hashlib.sha256(), 100_000_000
    for begin in range(1, 100_000_000, 500_000):
        piece = ("\n".join(map(str, range(begin, begin + 500_000))) + "\n").encode()[:left]
        expected.update(piece)
        left -= len(piece)
        if not left:
            break
    assert total.hexdigest() == expected.hexdigest()


def test_standard_input_is_empty_by_default(shared: Room) -> None:
    assert shared.run("cat").out == b""


@pytest.mark.parametrize("size", [1, 1000, 70_000, 90_000_000], ids=["byte", "line", "more than a pipe", "large"])
def test_standard_input(shared: Room, size: int) -> None:
    data = random.Random(size).randbytes(size)
    assert shared.run("sha256sum", stdin=data).text.split()[0] == hashlib.sha256(data).hexdigest()


def test_standard_input_that_nobody_reads(shared: Room) -> None:
    assert shared.run("true", stdin=b"x" * 1_000_000).ending.exit_code == 0


def test_times_and_memory_are_those_of_the_command(shared: Room) -> None:
    busy = shared.shell("i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done").ending
    assert 0.05 < busy.user_seconds <= busy.seconds * 1.1 + 0.05
    idle = shared.run("sleep", "0.3").ending
    assert 0.3 <= idle.seconds < 5
    assert idle.user_seconds + idle.system_seconds < 0.2
    large = shared.shell("head -c 60000000 /dev/zero | tail -c 50000000 | wc -c").ending
    assert 40 << 20 < large.max_rss < 200 << 20


def test_commands_run_in_parallel(shared: Room) -> None:
    begin = time.monotonic()
    running = [shared.start("sh", "-c", f"sleep 1; exit {code}") for code in range(20)]
    assert [command.wait().ending.exit_code for command in running] == list(range(20))
    assert time.monotonic() - begin < 8


def test_many_small_commands_from_many_threads(shared: Room) -> None:
    codes: list[int | None] = []

    def work(which: int) -> None:
        codes.extend(shared.shell(f"exit {which}").ending.exit_code for _ in range(20))

    threads = [threading.Thread(target=work, args=(which,)) for which in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(code for code in codes if code is not None) == sorted(list(range(8)) * 20)


def test_output_comes_while_the_command_runs(shared: Room) -> None:
    command = shared.start("sh", "-c", "echo early; read answer </dev/null; sleep 30")
    command.printed(b"early\n")
    command.kill()
    assert command.wait().ending.signal == signal.SIGKILL


def test_kill_ends_a_command_and_all_it_started(shared: Room) -> None:
    command = shared.start("sh", "-c", "sleep 1001 & sleep 1001 & echo up; wait")
    command.printed(b"up\n")
    command.kill()
    ending = command.wait().ending
    assert (ending.reason, ending.signal) == ("signal", signal.SIGKILL)
    assert ending.stray == 2
    command.kill()  # once more does no harm
    assert shared.shell("for p in /proc/[0-9]*; do cat $p/cmdline; done").text.count("1001") == 0


def test_a_slow_reader_stops_the_writer_and_nobody_runs_out_of_memory(native: Path) -> None:
    """The writer must wait: neither our memory nor the agent's takes what it could write meanwhile."""
    go = threading.Event()
    received = 0

    def take(data: bytes) -> None:
        nonlocal received
        go.wait(60)
        received += len(data)

    with room(Plan(root=native)) as opened:
        agent = opened.root._agent.pid
        before = _resident(agent)
        writer = opened.start("sh", "-c", "head -c 300000000 /dev/zero; echo done >/tmp/done", on_output=take)
        time.sleep(1.5)
        assert _resident(agent) - before < 30 << 20
        go.set()
        assert writer.wait().ending.exit_code == 0
    assert received == 300_000_000


def _resident(agent: int) -> int:
    """Memory of the agent's two processes, in bytes."""
    pids = [agent, *map(int, Path(f"/proc/{agent}/task/{agent}/children").read_text().split())]
    pages = (int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids)
    return sum(pages) * 4096


def test_the_tail_of_the_output_survives_a_reader_that_stops_for_long(native: Path) -> None:
    """What a program wrote before it ended is in its pipe, even if nobody takes it for seconds after."""
    go = threading.Event()
    received = 0

    def take(data: bytes) -> None:
        nonlocal received
        go.wait(60)
        received += len(data)

    fill = """
        exec 2>/tmp/reports
        for _ in $(seq 100); do
            while dd if=/dev/zero bs=1000 count=100 oflag=nonblock; do :; done
            sleep 0.01
        done
    """
    with room(Plan(root=native)) as opened:
        writer = opened.start("sh", "-c", fill, on_output=take)
        time.sleep(4.5)
        go.set()
        assert writer.wait().ending.exit_code == 0
        reports = opened.read("cat /tmp/reports")
    assert received == sum(map(int, re.findall(r"^([0-9]+) bytes", reports, re.MULTILINE)))
    assert received > 4_000_000  # else nobody had to wait


def test_an_error_of_the_receiver_ends_the_command_and_no_other(shared: Room) -> None:
    def take(data: bytes) -> None:
        raise KeyError(data.decode())

    other = shared.start("sh", "-c", "sleep 1; echo fine")
    broken = shared.start("sh", "-c", "echo news; sleep 1002", on_output=take)
    with pytest.raises(KeyError, match="news"):
        broken.wait(20)
    assert other.wait().out == b"fine\n"
    assert "1002" not in shared.read("for p in /proc/[0-9]*; do cat $p/cmdline; done 2>/dev/null; true")


def test_when_the_agent_dies_all_commands_are_lost_and_new_ones_too(native: Path) -> None:
    with room(Plan(root=native)) as opened:
        first = opened.start("sleep", "1003")
        again: list[Ran] = []

        def start_another(_: object) -> None:  # as a worker does whose command ended
            again.append(opened.run("true"))

        first._pending.future.add_done_callback(start_another)
        opened.root._agent.kill()
        assert first.wait(20).ending.reason == "lost"
        until(lambda: bool(again))
        assert again[0].ending.reason == "lost"
        assert "session" in again[0].ending.error
        first.kill()  # nobody to tell: no error


def test_closing_a_root_ends_what_runs_in_it(native: Path) -> None:
    with room(Plan(root=native)) as opened:
        running = [opened.start("sh", "-c", "sleep 100417 & echo up; wait") for _ in range(3)]
        for command in running:
            command.printed(b"up\n")
        begin = time.monotonic()
    assert time.monotonic() - begin < 4
    assert {command.wait(1).ending.reason for command in running} == {"lost"}
    assert processes_with("100417") == []
