"""Registration containers change the host's binfmt_misc, and leave it as it was."""

from __future__ import annotations

import contextlib
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from wrongarch.arches.lookup import find as find_arch
from wrongarch.cli import main
from wrongarch.emulators import pins, records, store
from wrongarch.emulators.model import Emulator
from wrongarch.engines.base import Command, Engine, SessionSpec
from wrongarch.engines.containers import registrar
from wrongarch.engines.containers.api import Daemon
from wrongarch.engines.containers.locate import first
from wrongarch.engines.containers.payload import Python
from wrongarch.errors import MachineError

ARM = find_arch("arm")
OLD = "7.2"
docker_alone = pytest.mark.parametrize("daemon", ["docker"], indirect=True)
"""Of what the registrar does by itself, whoever starts it."""


@contextlib.contextmanager
def host() -> Iterator[Path]:
    """The host's binfmt_misc, mounted as systemd does; entries last as long as it is mounted somewhere."""
    place = Path("/run/wrongarch-test-binfmt")
    place.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "binfmt_misc", "binfmt_misc", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)
        place.rmdir()


def entries() -> dict[str, str]:
    with host() as place:
        return {path.name: path.read_text() for path in place.iterdir() if path.name not in ("register", "status")}


@pytest.fixture
def others(pinned: None) -> Iterator[Path]:
    """A machine where somebody else has registered things: another QEMU, one without F, one that is switched off."""
    old = store.get(OLD, "arm")
    with host() as place:
        lines = [
            records.make_record(ARM, str(old.path), name="qemu-arm"),
            records.make_record(find_arch("s390x"), "/usr/bin/qemu-s390x-gone", flags="OC", name="qemu-s390x"),
            records.make_record(find_arch("mips"), str(store.get(OLD, "mipsel").path), name="qemu-mipsel"),
        ]
        for line in lines:
            (place / "register").write_bytes(records.render(line))
        (place / "qemu-mipsel").write_text("0")
        yield place
        for line in lines:
            (place / line.name).write_text("-1")


def newest(target: str = "arm") -> Emulator:
    return store.get(pins.load().default, target)


def silent(_: str) -> None:
    pass


def test_registered_used_and_taken_back(daemon: Daemon, python: Python, pinned: None) -> None:
    said: list[str] = []
    wanted = [(ARM, newest()), (find_arch("s390x"), newest("s390x"))]
    first = registrar.register(daemon, python, wanted, said.append)
    try:
        assert [(one.name, one.done) for one in first] == [
            ("wrongarch-arm", "registered"),
            ("wrongarch-s390x", "registered"),
        ]
        assert "version 10.0." in first[0].effective
        assert {one.done for one in registrar.register(daemon, python, wanted, silent)} == {"there"}
        assert not any("privileged" in text for text in said)
        shown = registrar.show(daemon, python, [ARM], silent)
        assert "version 10.0." in shown.effective["arm"]
        assert f"interpreter {registrar.interpreter_of(newest())}\n" in shown.entries["wrongarch-arm"].text
    finally:
        removals = registrar.unregister(daemon, python, ["wrongarch-arm", "wrongarch-s390x"], silent)
    assert [removal.done for removal in removals] == [True, True]
    assert not any(name.startswith("wrongarch-") for name in entries())
    assert not daemon.containers("wrongarch.role=registrar")
    (nothing,) = registrar.unregister(daemon, python, ["wrongarch-arm"], silent)
    assert not nothing.done


@docker_alone
def test_another_version_of_ours_takes_the_place(daemon: Daemon, python: Python, pinned: None) -> None:
    try:
        registrar.register(daemon, python, [(ARM, store.get(OLD, "arm"))], silent)
        (again,) = registrar.register(daemon, python, [(ARM, newest())], silent)
        assert (again.done, "version 10.0." in again.effective) == ("replaced", True)
    finally:
        registrar.unregister(daemon, python, ["wrongarch-arm"], silent)
    assert not daemon.containers("wrongarch.role=registrar")


def test_what_others_registered_is_left_as_it_was(daemon: Daemon, python: Python, others: Path) -> None:
    before = {path.name: path.read_text() for path in others.iterdir() if path.name != "register"}
    assert f"version {OLD}." in registrar.show(daemon, python, [ARM], silent).effective["arm"]
    (made,) = registrar.register(daemon, python, [(ARM, newest())], silent)
    assert (made.done, "version 10.0." in made.effective) == ("registered", True)
    for name in ("qemu-arm", "register", "../escape"):
        assert registrar.unregister(daemon, python, [name], silent) == ()
    registrar.unregister(daemon, python, ["wrongarch-arm"], silent)
    assert f"version {OLD}." in registrar.show(daemon, python, [ARM], silent).effective["arm"]
    assert {path.name: path.read_text() for path in others.iterdir() if path.name != "register"} == before


@docker_alone
def test_what_others_registered_is_used_where_its_version_is_the_pin(
    daemon: Daemon, python: Python, others: Path
) -> None:
    (result,) = registrar.register(daemon, python, [(ARM, store.get(OLD, "arm"))], silent)
    assert result.done == "used"
    assert not (others / "wrongarch-arm").exists()


def test_a_session_uses_what_others_registered(
    contained: Engine, others: Path, foreign: SessionSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The interpreter is proven by its hash here; a build of the same version would do, and is asked for it."""
    monkeypatch.setenv("WRONGARCH_REGISTRATION", "container")
    emulator = store.get(OLD, foreign.arch.qemu)
    spec = SessionSpec(arch=foreign.arch, root=foreign.root, emulator=emulator)
    with contained.open(spec) as opened:
        outcome = opened.run(Command(argv=("sh", "-c", "sleep 0.3; exit 4")))
    assert (outcome.exit_code, outcome.interpreter) == (4, "pinned")


def test_faults_are_recognised_and_explained(daemon: Daemon, others: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["binfmt", "show", "arm", "s390x", "mips", "--engine", daemon.engine]) == 0
    said = capsys.readouterr().out
    assert f"arm: qemu-arm version {OLD}." in said
    assert "mips: no emulator starts in containers" in said
    assert "qemu-mipsel" in said
    assert "disabled: the kernel passes it over" in said
    assert "stale: /usr/bin/qemu-s390x-gone is gone" in said
    assert "no F flag" in said


@docker_alone
def test_binfmt_misc_that_is_switched_off(daemon: Daemon, python: Python, pinned: None) -> None:
    with host() as place:
        (place / "status").write_text("0")
        try:
            with pytest.raises(MachineError, match="switched off") as caught:
                registrar.register(daemon, python, [(ARM, newest())], silent)
            assert "echo 1" in caught.value.fix
        finally:
            (place / "status").write_text("1")


def test_two_runs_at_once_register_and_unregister(docker: object, podman: object, python: Python, pinned: None) -> None:
    """Two daemons on one kernel: entries of their own, so that neither takes the other's away."""
    daemons = [Daemon(first(name)) for name in ("docker", "podman")]
    begun, ended = threading.Barrier(2), threading.Barrier(2)
    seen: dict[str, list[str]] = {}
    wrong: list[BaseException] = []

    def run(daemon: Daemon, *, longer: bool) -> None:
        try:
            with registrar.for_run(daemon, ARM, newest(), python, silent) as result:
                names = [result.name, result.done]
                begun.wait(120)
                if longer:
                    ended.wait(120)  # the other one is gone by now
                    names += sorted(name for name in entries() if name.startswith("wrongarch-"))
                    names.append(registrar.show(daemon, python, [ARM], silent).effective["arm"])
            seen[daemon.engine] = names
            if not longer:
                ended.wait(120)
        except BaseException as error:  # noqa: BLE001  handed to the test
            wrong.append(error)
            begun.abort()
            ended.abort()

    threads = [
        threading.Thread(target=run, args=(daemon,), kwargs={"longer": daemon.engine == "podman"}) for daemon in daemons
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert seen["docker"][1] == "registered"
    name, done, *left = seen["podman"]
    assert (done, left[0]) == ("registered", name)
    assert "version 10.0." in left[-1]
    assert not any(name.startswith("wrongarch-") for name in entries())


@docker_alone
def test_another_emulator_for_the_same_programs_is_a_conflict(daemon: Daemon, python: Python, pinned: None) -> None:
    with registrar.for_run(daemon, ARM, newest(), python, silent):
        with (
            pytest.raises(MachineError, match="another run has registered another emulator"),
            registrar.for_run(daemon, ARM, store.get(OLD, "arm"), python, silent),
        ):
            pass
        assert "version 10.0." in registrar.show(daemon, python, [ARM], silent).effective["arm"]


@docker_alone
def test_a_run_that_registered_unregisters_after_an_error(daemon: Daemon, python: Python, pinned: None) -> None:
    with pytest.raises(LookupError), registrar.for_run(daemon, ARM, newest(), python, silent):
        assert any(name.startswith("wrongarch-arm-") for name in entries())
        raise LookupError
    assert not any(name.startswith("wrongarch-") for name in entries())
    assert not daemon.containers("wrongarch.role=registrar")


@docker_alone
def test_the_commands(daemon: Daemon, pinned: None, capsys: pytest.CaptureFixture[str]) -> None:
    engine = ["--engine", daemon.engine]
    assert main(["binfmt", "register", "arm", *engine]) == 0
    assert "wrongarch-arm: registered (qemu-arm version 10.0." in capsys.readouterr().out
    assert main(["binfmt", "show", "arm", *engine, "--json"]) == 0
    assert '"owner": "wrongarch"' in capsys.readouterr().out
    assert main(["binfmt", "unregister", "--all", *engine]) == 0
    assert "wrongarch-arm: unregistered" in capsys.readouterr().out
    assert main(["binfmt", "unregister", "--all", *engine]) == 0
    assert "nothing of ours" in capsys.readouterr().out
    assert main(["binfmt", "unregister", *engine]) == 2
    assert main(["binfmt", "register", "amd64", *engine]) == 2
    assert "nothing would start at all" in capsys.readouterr().err
