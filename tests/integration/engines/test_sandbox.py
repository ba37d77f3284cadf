"""The sandbox keeps the contract of an engine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from pathlib import Path

import msgspec
import pytest

from tests.support.busybox import busybox
from tests.support.rooms import processes_with, until
from wrongarch.arches.lookup import find, host_arch, image_arches, runs_natively
from wrongarch.emulators import pins, store
from wrongarch.engines.base import Command, Mount, Outcome, Session, SessionSpec, describe
from wrongarch.engines.sandbox import PATH, Sandbox, SandboxSession
from wrongarch.errors import MachineError

REPO = Path(__file__).parents[3]


def shell(script: str, **options: object) -> Command:
    return Command(argv=("sh", "-c", script), **options)  # type: ignore[arg-type]


def test_it_is_an_engine(session: SandboxSession) -> None:
    as_session: Session = session
    outcome = as_session.run(shell("echo out; echo err >&2; exit 3"))
    assert (outcome.reason, outcome.exit_code, outcome.stdout, outcome.stderr) == ("exit", 3, b"out\nerr\n", b"")
    assert outcome.interpreter in ("native", "unseen")
    assert describe(outcome) == "exit 3"


def test_streams_apart(session: SandboxSession) -> None:
    outcome = session.run(shell("echo out; echo err >&2", merge_stderr=False))
    assert (outcome.stdout, outcome.stderr) == (b"out\n", b"err\n")


def test_standard_input_folder_and_environment(session: SandboxSession) -> None:
    command = shell("cat; pwd; echo $WORD $HOME", stdin=b"\0\xff\n", cwd="/usr", env={"WORD": "given", "HOME": "/x"})
    assert session.run(command).stdout == b"\0\xff\n/usr\ngiven /x\n"


def test_what_every_command_has_in_its_environment(session: SandboxSession) -> None:
    lines = session.run(Command(argv=("env",))).stdout.decode().splitlines()
    found = dict(line.split("=", 1) for line in lines)
    del found["WRONGARCH_COMMAND"]
    assert found == {"PATH": PATH, "HOME": "/root", "LANG": "C.UTF-8", "TZ": "UTC", "TERM": "dumb"}


def test_output_beyond_the_limit_is_cut_in_the_middle(session: SandboxSession) -> None:
    outcome = session.run(shell("seq 100000", output_limit=1000))
    whole = "".join(f"{number}\n" for number in range(1, 100001)).encode()
    assert outcome.dropped == len(whole) - 1000
    note = f"\n[... {outcome.dropped} bytes left out ...]\n".encode()
    assert outcome.stdout == whole[:500] + note + whole[-500:]


def test_output_handed_over_is_not_kept(session: SandboxSession) -> None:
    pieces: list[bytes] = []
    threads: set[str] = set()

    def take(data: bytes) -> None:
        pieces.append(data)
        threads.add(threading.current_thread().name)

    outcome = session.run(shell("seq 100000"), on_output=take)
    assert (outcome.stdout, outcome.dropped) == (b"", 0)
    assert b"".join(pieces).count(b"\n") == 100000
    assert threads == {"wrongarch-session"}


def test_an_error_of_the_receiver_comes_out_of_run(session: SandboxSession) -> None:
    def take(data: bytes) -> None:
        raise LookupError(data.decode())

    with pytest.raises(LookupError, match="news"):
        session.run(shell("echo news; sleep 60"), on_output=take)
    assert session.run(shell("exit 0")).exit_code == 0


def test_every_reason(session: SandboxSession) -> None:
    outcomes = [
        session.run(shell("exit 0")),
        session.run(shell("kill -ABRT $$")),
        session.run(shell("sleep 30", timeout=0.3)),
        session.run(Command(argv=("tail", "/dev/zero"), memory=64 << 20)),
        session.run(shell("while sleep 30 & do :; done", processes=20)),
        session.run(Command(argv=("no-such-program",))),
    ]
    reasons = ["exit", "signal", "timeout", "memory", "processes", "not-started"]
    assert [outcome.reason for outcome in outcomes] == reasons
    told = [describe(outcome) for outcome in outcomes]
    assert told[:2] == ["exit 0", "killed by SIGABRT"]
    assert told[2].startswith("timed out after 0.")
    assert "peak" in told[3]
    assert "no-such-program" in told[5]


def test_a_future_cannot_be_cancelled_and_ends_all_the_same(session: SandboxSession) -> None:
    future = session.submit(shell("sleep 0.3; exit 9"))
    assert not future.cancel()
    assert future.result(20).exit_code == 9


def test_callbacks_may_submit_more(session: SandboxSession) -> None:
    codes: list[int | None] = []
    done = threading.Event()

    def again(future: Future[Outcome]) -> None:
        codes.append(future.result().exit_code)
        if len(codes) == 20:
            done.set()
        else:
            session.submit(shell(f"exit {len(codes)}")).add_done_callback(again)

    session.submit(shell("exit 0")).add_done_callback(again)
    assert done.wait(20)
    assert codes == list(range(20))


def test_commands_of_a_session_that_was_left_are_lost(spec: SessionSpec) -> None:
    with Sandbox().open(spec) as opened:
        future = opened.submit(shell("sleep 60"))
    assert future.result(1).reason == "lost"
    after = opened.run(shell("exit 0"))
    assert after.reason == "lost"
    assert "session" in describe(after)


def test_names_and_network(spec: SessionSpec) -> None:
    name = f"wrongarch-{spec.arch.name}"
    with Sandbox().open(spec) as opened:
        told = opened.run(shell("uname -n; cat /etc/hostname; getent hosts localhost; wc -c </etc/resolv.conf"))
    lines = told.stdout.decode().split("\n")
    assert lines[:2] == [name, name]
    assert "localhost" in lines[2]
    assert lines[3] == "0"
    with Sandbox().open(msgspec.structs.replace(spec, network=True)) as opened:
        told = opened.run(shell("cat /etc/resolv.conf; ls /sys/class/net"))
    assert Path("/etc/resolv.conf").read_bytes() in told.stdout


def test_mounts(spec: SessionSpec, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir(mode=0o755)
    (tmp_path / "in/file").write_text("given")
    (tmp_path / "out").mkdir()
    tmp_path.chmod(0o755)
    mounts = (
        Mount(source=tmp_path / "in", target="/work/in"),
        Mount(source=tmp_path / "out", target="/work/out", writable=True),
    )
    with Sandbox().open(msgspec.structs.replace(spec, mounts=mounts)) as opened:
        assert opened.run(shell("cat /work/in/file; echo x >/work/in/file")).exit_code != 0
        assert opened.run(shell("mkdir -m 700 /work/out/deep; cp /work/in/file /work/out/deep/")).exit_code == 0
        assert opened.run(shell("chown 0:0 /work/out/deep/file; ln -s nowhere /work/out/link")).exit_code == 0
    made = [tmp_path / "out", *(tmp_path / "out").rglob("*")]
    assert len(made) == 4
    assert {(entry.lstat().st_uid, entry.lstat().st_gid) for entry in made} == {(os.geteuid(), os.getegid())}
    assert (tmp_path / "out/deep/file").read_text() == "given"
    assert (tmp_path / "in/file").read_text() == "given"


def test_an_emulated_session(spec: SessionSpec, tmp_path: Path, pinned: None) -> None:
    arch = find("arm")
    if runs_natively(arch, host_arch()):
        arch = next(one for one in image_arches() if not runs_natively(one, host_arch()))
    emulator = store.get(pins.load().default, arch.qemu)
    model = {"arm": "cortex-a9"}.get(arch.name)
    mounts = (Mount(source=busybox(arch.debian), target="/bin/busybox"),)
    emulated = msgspec.structs.replace(spec, arch=arch, emulator=emulator, cpu=model, mounts=mounts, env={"A": "1"})
    with Sandbox().open(emulated) as opened:
        outcome = opened.run(Command(argv=("busybox", "sh", "-c", "echo $QEMU_CPU $A; sleep 0.2; uname -m")))
        assert outcome.interpreter == "pinned"
        assert outcome.stdout.decode().split()[:-1] == [word for word in (model, "1") if word]
        other = opened.run(Command(argv=("busybox", "sh", "-c", "echo $QEMU_CPU"), env={"QEMU_CPU": "max"}))
        assert other.stdout == b"max\n"
        if arch.bits == 32:
            assert opened.run(Command(argv=("uname", "-m"))).stdout.strip() != os.uname().machine.encode()


def test_a_root_that_is_gone(spec: SessionSpec, tmp_path: Path) -> None:
    with (
        pytest.raises(MachineError, match="gone"),
        Sandbox().open(msgspec.structs.replace(spec, root=tmp_path / "gone")),
    ):
        pass


INTERRUPTED = """
import sys, time
from pathlib import Path
from wrongarch.arches.lookup import host_arch
from wrongarch.engines.base import Command, SessionSpec
from wrongarch.engines.sandbox import Sandbox
with Sandbox().open(SessionSpec(arch=host_arch(), root=Path(sys.argv[1]))) as session:
    try:
        command = Command(argv=("sh", "-c", "echo up; sleep 3030303"))
        session.run(command, on_output=lambda data: print("up", flush=True))
    except KeyboardInterrupt:
        time.sleep(0.5)
        answer = session.run(Command(argv=("sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\\\0' ' '")))
        print("left" if b"3030303" in answer.stdout else "ended", flush=True)
"""


def test_an_interrupt_kills_the_command_and_leaves_the_session(native: Path) -> None:
    line = [sys.executable, "-c", INTERRUPTED, str(native)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True, start_new_session=True, cwd=REPO) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        os.killpg(process.pid, signal.SIGINT)
        assert process.stdout.readline() == "ended\n"
        assert process.wait(20) == 0
    until(lambda: not processes_with("3030303"), 5)


def test_a_command_costs_little(session: SandboxSession) -> None:
    """A fork, an exec and two frames: nothing that grows with the number of commands."""
    begin = time.monotonic()
    for _ in range(200):
        assert session.run(Command(argv=("true",))).exit_code == 0
    assert time.monotonic() - begin < 20
