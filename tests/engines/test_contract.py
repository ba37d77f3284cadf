"""What every engine has to do alike: the same tests for the sandbox, docker and podman."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from tests.support.rooms import processes_with, until
from wrongarch.arches.lookup import host_arch, image_arches
from wrongarch.engines.base import Command, Engine, Limits, Mount, Outcome, Session, SessionSpec, describe, ended_gently
from wrongarch.errors import MachineError, UsageError

REPO = Path(__file__).parents[2]
MEGABYTES = 100


def shell(script: str, **options: object) -> Command:
    return Command(argv=("sh", "-c", script), **options)  # type: ignore[arg-type]


def text(outcome: Outcome) -> str:
    assert (outcome.reason, outcome.exit_code) == ("exit", 0), (describe(outcome), outcome.stdout[-2000:])
    return outcome.stdout.decode()


@pytest.mark.parametrize("code", [0, 1, 2, 126, 255])
def test_exit_codes(session: Session, code: int) -> None:
    outcome = session.run(shell(f"exit {code}"))
    assert (outcome.reason, outcome.exit_code, outcome.interpreter) == ("exit", code, "pinned")


def test_streams_together_and_apart(session: Session) -> None:
    script = "echo out; echo err >&2"
    together = session.run(shell(script))
    apart = session.run(shell(script, merge_stderr=False))
    assert (together.stdout, together.stderr) == (b"out\nerr\n", b"")
    assert (apart.stdout, apart.stderr) == (b"out\n", b"err\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGABRT, signal.SIGKILL, signal.SIGSEGV])
def test_signals(session: Session, number: signal.Signals) -> None:
    outcome = session.run(shell(f"kill -{number.value} $$"))
    assert (outcome.reason, outcome.signal) == ("signal", number.value)


def test_a_timeout_kills_what_the_command_started(session: Session) -> None:
    began = time.monotonic()
    outcome = session.run(shell("sleep 4040404 & sleep 4040404", timeout=0.5))
    assert outcome.reason == "timeout"
    assert time.monotonic() - began < 15
    assert not processes_with("4040404")


def test_with_a_grace_a_command_can_clean_up(session: Session) -> None:
    """All of its processes are asked, and those that outlive the first one are waited for."""
    inner = "trap 'sleep 1; echo cleaned; exit 0' TERM; while :; do sleep 0.1; done"
    outcome = session.run(shell(f'sh -c "{inner}" & sleep 4040404', timeout=0.5, grace=20))
    assert (outcome.reason, outcome.signal, outcome.stray) == ("timeout", signal.SIGTERM, 0)
    assert outcome.stdout.endswith(b"cleaned\n")
    assert ended_gently(outcome)


def test_after_its_grace_a_command_is_killed(session: Session) -> None:
    began = time.monotonic()
    outcome = session.run(shell("trap '' TERM; while :; do sleep 4040404; done", timeout=0.2, grace=0.5))
    assert (outcome.reason, outcome.signal) == ("timeout", signal.SIGKILL)
    assert not ended_gently(outcome)
    assert time.monotonic() - began < 15
    assert not processes_with("4040404")


def test_what_cannot_start_says_so(session: Session) -> None:
    missing = session.run(Command(argv=("no-such-program",)))
    assert missing.reason == "not-started"
    assert "no-such-program" in missing.error
    nowhere = session.run(shell("true", cwd="/nowhere"))
    assert nowhere.reason == "not-started"


def test_a_lot_of_output_arrives_whole(session: Session) -> None:
    total, length = hashlib.sha256(), 0

    def take(data: bytes) -> None:
        nonlocal length
        length += len(data)
        total.update(data)

    block = os.urandom(MEGABYTES << 20 >> 3)
    parts = "cat /root/block; " * 8
    outcome = session.run(shell(f"cat >/root/block; {parts}", stdin=block), on_output=take)
    assert outcome.exit_code == 0
    assert length == MEGABYTES << 20
    assert total.hexdigest() == hashlib.sha256(block * 8).hexdigest()


def test_two_commands_do_not_mix_their_output(session: Session) -> None:
    futures = [session.submit(shell(f"yes {word} | head -c 300000", output_limit=1 << 20)) for word in ("a", "b")]
    assert [set(future.result(60).stdout) for future in futures] == [set(b"a\n"), set(b"b\n")]


def test_bytes_are_bytes(session: Session) -> None:
    data = bytes(range(256)) * 40
    assert session.run(Command(argv=("cat",), stdin=data)).stdout == data


def test_a_large_standard_input(session: Session) -> None:
    data = os.urandom(5 << 20)
    outcome = session.run(Command(argv=("cat",), stdin=data, output_limit=16 << 20))
    assert outcome.stdout == data


def test_nothing_to_read_is_the_end_of_the_file(session: Session) -> None:
    assert text(session.run(shell("cat; echo end"))) == "end\n"


def test_environment_and_folder(session: Session, foreign: SessionSpec) -> None:
    command = shell("echo $WORD:$HOME:$LANG:$TZ:$QEMU_CPU; pwd", cwd="/tmp", env={"WORD": "a b=c"})
    assert text(session.run(command)) == f"a b=c:/root:C.UTF-8:UTC:{foreign.cpu}\n/tmp\n"
    assert "LC_ALL" not in text(session.run(shell("set")))


def test_who_and_where_a_command_is(session: Session, foreign: SessionSpec) -> None:
    machine, name, ids = text(session.run(shell("uname -m; uname -n; id -u; id -g"))).split("\n", 2)
    assert machine == foreign.arch.uname
    assert name == f"wrongarch-{foreign.arch.name}"
    assert ids == "0\n0\n"


def test_a_command_has_no_more_rights_than_in_any_engine(session: Session) -> None:
    seen = text(session.run(shell("while read a b; do case $a in Cap*) echo $a $b;; esac; done </proc/self/status")))
    rights = dict(line.split() for line in seen.splitlines())
    assert rights["CapBnd:"] == rights["CapEff:"] == "00000000a80425fb"
    assert session.run(shell("echo 1 >/proc/sys/kernel/panic")).exit_code != 0


def test_the_root_can_be_written_to_and_is_new_each_time(engine: Engine, foreign: SessionSpec) -> None:
    for _ in range(2):
        with engine.open(foreign) as opened:
            assert text(opened.run(shell("ls /root; echo more >/root/file; cat /root/file"))) == "more\n"
    assert not (foreign.root / "root/file").exists()


def test_scratch_space_is_bounded(engine: Engine, foreign: SessionSpec) -> None:
    with engine.open(msgspec.structs.replace(foreign, scratch_bytes=20 << 20)) as opened:
        outcome = opened.run(shell("dd if=/dev/zero of=/root/large bs=1M count=64"))
        assert outcome.exit_code != 0
        assert b"space" in outcome.stdout


def test_mounts_and_whose_files_they_are(engine: Engine, foreign: SessionSpec, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    given, out, single = tmp_path / "in", tmp_path / "out", tmp_path / "single"
    given.mkdir()
    (given / "file").write_text("given")
    single.write_text("single")
    out.mkdir()
    (out / "before").write_text("before")
    mounts = (
        Mount(source=given, target="/work/in"),
        Mount(source=single, target="/work/single"),
        Mount(source=out, target="/work/out", writable=True),
    )
    with engine.open(msgspec.structs.replace(foreign, mounts=mounts)) as opened:
        assert text(opened.run(shell("cat /work/in/file /work/single /work/out/before"))) == "givensinglebefore"
        assert opened.run(shell("echo x >/work/in/file")).exit_code != 0
        assert opened.run(shell("echo x >/work/in/new")).exit_code != 0
        made = "mkdir -m 700 /work/out/deep; echo new >/work/out/deep/file; chown 33:44 /work/out/deep/file"
        assert opened.run(shell(f"{made}; touch /work/out/touched; echo after >/work/out/before")).exit_code == 0
    assert (given / "file").read_text() == "given"
    assert (out / "deep/file").read_text() == "new\n"
    assert (out / "before").read_text() == "after\n"
    owners = {(path.lstat().st_uid, path.lstat().st_gid) for path in [out, *out.rglob("*")]}
    assert owners == {(os.geteuid(), os.getegid())}


def test_memory_of_one_command(session: Session) -> None:
    outcome = session.run(Command(argv=("tail", "/dev/zero"), memory=64 << 20, timeout=60))
    assert outcome.reason == "memory"


def test_processes_of_one_command(session: Session) -> None:
    outcome = session.run(shell("while sleep 30 & do :; done", processes=20, timeout=60))
    assert outcome.reason == "processes"
    assert session.run(shell("exit 0")).exit_code == 0


def test_limits_of_a_whole_session(engine: Engine, foreign: SessionSpec) -> None:
    limits = Limits(cpus=1, memory=96 << 20, pids=24)
    with engine.open(msgspec.structs.replace(foreign, limits=limits)) as opened:
        assert opened.run(shell("exit 7")).exit_code == 7
        hungry = opened.run(Command(argv=("tail", "/dev/zero"), timeout=60))
        assert hungry.reason in ("memory", "signal")
        crowd = opened.run(shell("for n in $(seq 40); do sleep 2 & done; wait", timeout=60))
        assert (crowd.reason, crowd.exit_code) != ("exit", 0)


def test_no_network_but_itself(session: Session) -> None:
    assert text(session.run(shell("ls /sys/class/net"))) == "lo\n"
    routes = text(session.run(shell("cat /proc/net/route")))
    assert len(routes.splitlines()) <= 1


def test_the_network_of_the_machine_where_that_is_asked_for(engine: Engine, foreign: SessionSpec) -> None:
    with engine.open(msgspec.structs.replace(foreign, network=True)) as opened:
        seen = set(text(opened.run(shell("ls /sys/class/net"))).split())
        names = text(opened.run(shell("cat /etc/resolv.conf")))
    assert seen == {path.name for path in Path("/sys/class/net").iterdir()}
    assert "nameserver" in names or not Path("/etc/resolv.conf").read_text().strip()


@pytest.mark.parametrize("arch", [arch.name for arch in image_arches()])
def test_programs_of_each_arch_with_images(engine: Engine, specs: Callable[[str], SessionSpec], arch: str) -> None:
    spec = specs(arch)
    with engine.open(spec) as opened:
        outcome = opened.run(shell("uname -m; sleep 0.2"))
    assert text(outcome) == f"{spec.arch.uname}\n"
    assert outcome.interpreter == ("native" if spec.emulator is None else "pinned")


def test_commands_after_the_end_are_lost(engine: Engine, foreign: SessionSpec) -> None:
    with engine.open(foreign) as opened:
        future = opened.submit(shell("sleep 60"))
    assert future.result(5).reason == "lost"
    assert opened.run(shell("exit 0")).reason == "lost"


CLIENT = """
import signal, sys, time
from pathlib import Path
import msgspec
from wrongarch.arches.lookup import find as find_arch
from wrongarch.emulators import pins, store
from wrongarch.engines.base import Command, SessionSpec
from wrongarch.engines.find import find
signal.signal(signal.SIGINT, signal.default_int_handler)  # it is ignored where tests run in the background
engine, arch, root = sys.argv[1:]
arch = find_arch(arch)
emulator = store.get(pins.load().default, arch.qemu)
with find(engine).open(SessionSpec(arch=arch, root=Path(root), emulator=emulator)) as session:
    try:
        script = "echo up; sleep 5050505"
        session.run(Command(argv=("sh", "-c", script)), on_output=lambda data: print("up", flush=True))
    except KeyboardInterrupt:
        time.sleep(0.3)
        print("interrupted", session.run(Command(argv=("sh", "-c", "exit 9"))).exit_code, flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_nothing_runs_on_after_an_interrupt_or_a_kill(
    engine: Engine, foreign: SessionSpec, number: signal.Signals
) -> None:
    line = [sys.executable, "-c", CLIENT, engine.name, foreign.arch.name, str(foreign.root)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True, start_new_session=True, cwd=REPO) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        assert processes_with("5050505")
        process.send_signal(number)
        if number == signal.SIGINT:
            assert process.stdout.readline() == "interrupted 9\n"
        assert process.wait(30) == (0 if number == signal.SIGINT else -number)
    until(lambda: not processes_with("5050505"), 20)


def test_a_root_that_is_gone(engine: Engine, foreign: SessionSpec, tmp_path: Path) -> None:
    with pytest.raises(MachineError), engine.open(msgspec.structs.replace(foreign, root=tmp_path / "gone")):
        pass


def test_only_containers_can_be_kept(engine: Engine, foreign: SessionSpec) -> None:
    if engine.name != "sandbox":
        pytest.skip("tried where containers are tried")
    with pytest.raises(UsageError, match="nothing to keep"), engine.open(msgspec.structs.replace(foreign, keep=True)):
        pass


def test_a_command_costs_as_much_as_in_the_sandbox(engine: Engine, specs: Callable[[str], SessionSpec]) -> None:
    """No daemon is asked, nothing is started but the command itself: far from what `docker exec` takes."""
    with engine.open(specs(host_arch().name)) as opened:
        begin = time.monotonic()
        for _ in range(100):
            assert opened.run(Command(argv=("true",))).exit_code == 0
        assert time.monotonic() - begin < 10
