from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from wrongarch.errors import MachineError, UntrustedInput
from wrongarch.process import popen, run


def test_output_input_environment_and_folder(tmp_path: Path) -> None:
    done = run(["sh", "-c", 'cat; echo "$EXTRA $PWD" >&2'], input=b"in", env={"EXTRA": "x"}, cwd=tmp_path)
    assert (done.code, done.stdout, done.stderr) == (0, b"in", f"x {tmp_path}\n".encode())
    assert run(["cat"]).stdout == b""


def test_a_failure_carries_a_line_that_runs_it_again(tmp_path: Path) -> None:
    argv = ["sh", "-c", 'echo out; echo "bad $A in $PWD" >&2; exit 3']
    with pytest.raises(UntrustedInput) as caught:
        run(argv, env={"A": "o n"}, cwd=tmp_path, error=UntrustedInput)
    assert "exit 3" in caught.value.what
    line = caught.value.fix.removeprefix("to run it again: ")
    again = run(["sh", "-c", line], check=False)
    assert (again.code, again.stderr) == (3, f"bad o n in {tmp_path}\n".encode())
    assert caught.value.detail == f"out\nbad o n in {tmp_path}"


def test_unchecked_codes_and_signals() -> None:
    assert run(["false"], check=False).code == 1
    assert run(["sh", "-c", "kill -ABRT $$"], check=False).code == -signal.SIGABRT
    with pytest.raises(MachineError, match="killed by SIGSEGV"):
        run(["sh", "-c", "kill -SEGV $$"])
    with pytest.raises(MachineError, match=f"killed by signal {signal.SIGRTMIN + 3}"):
        run(["sh", "-c", f"kill -{signal.SIGRTMIN + 3} $$"])


def test_what_cannot_start(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="no such program"):
        run(["wrongarch-no-such-program"])
    with pytest.raises(MachineError, match="there is no folder"):
        run(["true"], cwd=tmp_path / "none")
    (tmp_path / "no-right").touch(mode=0o600)
    with pytest.raises(MachineError, match="Permission denied"):
        run([str(tmp_path / "no-right")])
    with pytest.raises(MachineError, match="null byte"):
        run(["echo", "a\0b"])


def test_a_timeout_kills_descendants_and_keeps_the_output(tmp_path: Path) -> None:
    pidfile = tmp_path / "pid"
    begin = time.monotonic()
    with pytest.raises(MachineError, match=r"within 0\.5 s") as caught:
        run(["sh", "-c", f"echo early; sleep 60 & echo $! > {pidfile}; wait"], timeout=0.5)
    assert time.monotonic() - begin < 5
    assert caught.value.detail == "early"
    assert not alive(int(pidfile.read_text()))


def test_a_descendant_in_another_session_does_not_hold_us(tmp_path: Path) -> None:
    begin = time.monotonic()
    pidfile = tmp_path / "pid"
    with pytest.raises(MachineError, match="within") as caught:
        run(["sh", "-c", f"echo early; setsid sh -c 'echo $$ > {pidfile}; exec sleep 30' & wait"], timeout=0.5)
    assert time.monotonic() - begin < 10
    assert caught.value.detail == "early"
    os.kill(int(pidfile.read_text()), signal.SIGKILL)


def test_an_interrupt_ends_the_child(tmp_path: Path) -> None:
    pidfile = tmp_path / "pid"

    def interrupt() -> None:
        while not (pidfile.exists() and pidfile.read_text()):
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        run(["sh", "-c", f"echo $$ > {pidfile}; exec sleep 60"])
    thread.join()
    assert not alive(int(pidfile.read_text()))


def test_long_output_is_cut_in_the_error() -> None:
    with pytest.raises(MachineError) as caught:
        run(["sh", "-c", "seq 1 100000; exit 1"])
    assert caught.value.detail.endswith("99999\n100000")
    assert len(caught.value.detail) < 10_000


def test_popen_passes_only_the_named_descriptors() -> None:
    reader, writer = os.pipe()
    child = popen(["ls", "/proc/self/fd"], pass_fds=[writer], stdout=subprocess.PIPE, env={"PATH": os.environ["PATH"]})
    out, _ = child.communicate()
    os.close(reader)
    os.close(writer)
    assert str(writer).encode() in out.split()
    assert str(reader).encode() not in out.split()


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
