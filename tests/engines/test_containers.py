"""What only engines with a daemon do: images under the right platform, other machines, kept containers, sweeping."""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import select
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import msgspec
import pytest

from tests.engines.conftest import need
from tests.engines.test_contract import CLIENT, REPO, shell, text
from tests.engines.test_registrations import entries
from tests.support.daemons import Docker, Podman, Service, folder_for, free_port
from tests.support.rooms import until
from wrongarch.engines.base import Command, Engine, Limits, Mount, SessionSpec
from wrongarch.engines.containers import images, sweep
from wrongarch.engines.containers.api import Daemon
from wrongarch.engines.containers.engine import ContainerEngine
from wrongarch.engines.containers.locate import Endpoint
from wrongarch.engines.containers.payload import Python
from wrongarch.engines.find import find
from wrongarch.errors import MachineError, UsageError
from wrongarch.images import oci


@contextmanager
def listened(endpoint: Endpoint) -> Iterator[tuple[ContainerEngine, list[str]]]:
    """An engine, and what it says."""
    said: list[str] = []
    yield ContainerEngine(endpoint, said.append), said


def endpoint_of(daemon: Daemon) -> Endpoint:
    return daemon.endpoint


def test_the_image_has_the_platform_of_its_arch(daemon: Daemon, foreign: SessionSpec) -> None:
    name = images.ensure(daemon, foreign.root, foreign.arch)
    there = daemon.image(name)
    assert there is not None
    platform = images.platform_of(foreign.arch)
    assert (there.platform.os, there.platform.architecture) == (platform.os, platform.architecture)
    if daemon.engine == "docker":
        assert there.platform.variant == platform.variant
    assert there.labels[images.LABEL] == there.layers[0]
    assert images.ensure(daemon, foreign.root, foreign.arch) == name  # and it is not loaded again


def test_an_image_of_another_platform_is_refused(daemon: Daemon, foreign: SessionSpec) -> None:
    """Somebody has put the right files under our name as another arch's, which is what `docker import` does."""
    layer = images.layer_of(foreign.root)
    wanted = oci.make((layer,), oci.Facts(platform=images.platform_of(foreign.arch)))
    wrong = oci.make((layer,), oci.Facts(platform=oci.Platform(architecture="ppc64le")))
    name = images.reference("refused", (layer.diff,), wanted.platform)
    images.load(daemon, wrong, name)
    try:
        with pytest.raises(MachineError, match="is for linux/ppc64le, not for") as caught:
            images.ensure_image(daemon, wanted, "refused")
        assert f"rmi -f {name}" in caught.value.fix
    finally:
        daemon.remove_image(name)


def test_limits_are_those_of_the_container(daemon: Daemon, foreign: SessionSpec) -> None:
    limits = Limits(cpus=0.5, memory=300 << 20, pids=77)
    spec = msgspec.structs.replace(foreign, limits=limits)
    with listened(endpoint_of(daemon)) as (engine, _), engine.open(spec) as opened:
        assert opened.run(shell("exit 0")).exit_code == 0
        (container,) = [one for one in daemon.containers(sweep.LABEL) if one.running]
        host = daemon.inspect(container.id)["HostConfig"]
    assert (host["NanoCpus"], host["Memory"], host["PidsLimit"]) == (500_000_000, 300 << 20, 77)
    assert host["NetworkMode"] == "none"
    assert not host["Privileged"]
    assert "CAP_SYS_ADMIN" not in [f"CAP_{name.removeprefix('CAP_')}" for name in host["CapAdd"] or ()]


@pytest.fixture(params=["tcp", "ssh"])
def elsewhere(request: pytest.FixtureRequest, docker: Docker, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """docker by a way that says nothing of shared files: what is needed there has to be copied."""
    if request.param == "tcp":
        monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{docker.port}")
        yield find("docker")
        return
    with ssh_server() as (port, wrapper):
        monkeypatch.setenv("PATH", f"{wrapper}:{os.environ['PATH']}")
        monkeypatch.setenv("DOCKER_HOST", f"ssh://{getpass.getuser()}@127.0.0.1:{port}{docker.socket}")
        yield find("docker")


@contextmanager
def ssh_server() -> Iterator[tuple[int, Path]]:
    """An sshd of ours with a key of ours; its port, and a folder with an `ssh` that uses that key."""
    need("sshd", "ssh", "ssh-keygen")
    with folder_for("ssh") as folder:
        for name in ("host", "user"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
        shutil.copy(folder / "user.pub", folder / "authorized")
        port = free_port()
        (folder / "config").write_text(
            f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/authorized\n"
            f"PidFile {folder}/pid\nUsePAM no\nStrictModes no\nPermitRootLogin prohibit-password\n"
        )
        Path("/run/sshd").mkdir(exist_ok=True)
        service = Service([str(shutil.which("sshd", path="/usr/sbin")), "-D", "-e", "-f", f"{folder}/config"], folder)
        service.await_socket(port)
        wrapper = folder / "bin"
        wrapper.mkdir()
        options = f"-i {folder}/user -o UserKnownHostsFile={folder}/known -o StrictHostKeyChecking=no -o BatchMode=yes"
        (wrapper / "ssh").write_text(f'#!/bin/sh\nexec {shutil.which("ssh")} {options} "$@"\n')
        (wrapper / "ssh").chmod(0o755)
        try:
            yield port, wrapper
        finally:
            service.stop()


def test_a_daemon_on_another_machine(elsewhere: Engine, foreign: SessionSpec, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "old").write_text("old")
    (out / "gone").write_text("gone")
    mounts = (Mount(source=out, target="/out", writable=True), Mount(source=Path(__file__), target="/given"))
    data = os.urandom(3 << 20)
    length = 0

    def count(piece: bytes) -> None:
        nonlocal length
        length += len(piece)

    with elsewhere.open(msgspec.structs.replace(foreign, mounts=mounts)) as opened:
        assert opened.run(shell("exit 3")).exit_code == 3
        assert opened.run(Command(argv=("cat",), stdin=data, output_limit=8 << 20)).stdout == data
        assert text(opened.run(Command(argv=("cat", "/given"), output_limit=1 << 20))) == Path(__file__).read_text()
        opened.run(shell("cat >/root/block; cat /root/block /root/block", stdin=data), on_output=count)
        script = "mkdir /out/deep; echo new >/out/deep/file; chown 3:4 /out/deep/file; echo more >>/out/old"
        assert opened.run(shell(f"{script}; busybox rm /out/gone")).exit_code == 0
    assert length == 2 * len(data)
    assert sorted(path.name for path in out.rglob("*")) == ["deep", "file", "old"]
    assert (out / "old").read_text() == "oldmore\n"
    assert {path.lstat().st_uid for path in out.rglob("*")} == {os.geteuid()}


ATTACH = """
import os, sys
from pathlib import Path
from wrongarch.arches.lookup import find as find_arch
from wrongarch.emulators import pins, store
from wrongarch.engines.base import Command, SessionSpec, describe
from wrongarch.engines.find import find
engine, arch, root, *argv = sys.argv[1:]
arch = find_arch(arch)
spec = SessionSpec(arch=arch, root=Path(root), emulator=store.get(pins.load().default, arch.qemu))
with find(engine).open(spec) as session:
    outcome = session.attach(Command(argv=tuple(argv)))
print("ended:", describe(outcome), file=sys.stderr)
"""


def attach(engine: Engine, spec: SessionSpec, *argv: str) -> list[str]:
    return [sys.executable, "-c", ATTACH, engine.name, spec.arch.name, str(spec.root), *argv]


@pytest.fixture(params=["docker", "podman", "tcp"])
def any_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Engine:
    if request.param == "tcp":
        docker: Docker = request.getfixturevalue("docker")
        monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{docker.port}")
        return find("docker")
    request.getfixturevalue(request.param)
    return find(request.param)


def test_streams_of_ours(any_way: Engine, foreign: SessionSpec) -> None:
    script = "cat; echo wrong >&2; exit 5"
    done = subprocess.run(
        attach(any_way, foreign, "sh", "-c", script), input=b"in\0\n", capture_output=True, check=False, cwd=REPO
    )
    assert done.stdout == b"in\0\n"
    assert done.stderr == b"wrong\nended: exit 5\n"


def test_a_real_terminal(any_way: Engine, foreign: SessionSpec) -> None:
    master, slave = os.openpty()
    script = "trap 'echo stopped; exit 4' INT; tty; read word; echo got $word; while :; do sleep 1; done"
    process = subprocess.Popen(
        ["setsid", "--ctty", *attach(any_way, foreign, "sh", "-c", script)],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        cwd=REPO,
    )
    os.close(slave)
    seen = b""

    def sees(wanted: bytes) -> None:
        nonlocal seen
        end = time.monotonic() + 60
        while wanted not in seen:
            assert time.monotonic() < end, seen
            if select.select([master], [], [], 0.5)[0]:
                try:
                    seen += os.read(master, 1 << 12)
                except OSError:  # the last of its users is gone (EIO)
                    break
        assert wanted in seen

    try:
        sees(b"/dev/pts/0\r\n")
        os.write(master, b"typed\r")
        sees(b"got typed")
        os.write(master, b"\x03")
        sees(b"stopped")
        sees(b"ended: exit 4")
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
        os.close(master)


def test_a_container_is_kept_where_a_command_failed_and_can_be_entered(daemon: Daemon, foreign: SessionSpec) -> None:
    spec = msgspec.structs.replace(foreign, keep=True)
    with listened(endpoint_of(daemon)) as (engine, said):
        with engine.open(spec) as opened:
            assert opened.run(shell("exit 0")).exit_code == 0
        assert not daemon.containers(sweep.KEPT)
        with engine.open(spec) as opened:
            opened.run(shell("echo evidence >/root/left; exit 1"))
        (kept,) = daemon.containers(sweep.KEPT)
        try:
            line = next(text for text in said if " exec -it " in text).splitlines()[1]
            words = [word for word in shlex.split(line) if word != "-it"]
            words.insert(2, "-i")
            done = subprocess.run(
                words, input=b"cat /root/left; uname -m; id -u\n", capture_output=True, check=False, timeout=60
            )
            assert done.stdout.decode().split() == ["evidence", foreign.arch.uname, "0"], done.stderr
            with engine.open(foreign):
                assert [one.id for one in daemon.containers(sweep.KEPT)] == [kept.id]  # no sweep takes it away
        finally:
            daemon.remove(kept.id)


def test_what_a_killed_run_left_is_removed_at_the_next_start(daemon: Daemon, foreign: SessionSpec) -> None:
    """Killed between making its container and starting it: nobody but the next run will remove that."""
    image = images.ensure(daemon, foreign.root, foreign.arch)
    labels = {sweep.LABEL: "docker.tmp-1-0123456789ab", sweep.OWNER: sweep.owner()}
    others = {**labels, sweep.OWNER: "somebody@elsewhere"}
    made = [
        daemon.create({"Image": image, "Cmd": ["x"], "Labels": own}, name=f"wrongarch-test-{number}")
        for number, own in enumerate((labels, others))
    ]
    try:
        with listened(endpoint_of(daemon)) as (engine, said), engine.open(foreign):
            pass
        assert said == ["removed a container that a killed run left: wrongarch-test-0"]
        assert daemon.state(made[0]) is None
        assert daemon.state(made[1]) is not None
    finally:
        for container in made:
            daemon.remove(container)


def test_two_runs_at_once_leave_each_other_alone(contained: Engine, foreign: SessionSpec) -> None:
    with contained.open(foreign) as one:
        future = one.submit(shell("sleep 1; exit 8"))
        with contained.open(foreign) as other:
            assert other.run(shell("exit 9")).exit_code == 9
        assert future.result(30).exit_code == 8


def test_a_daemon_that_ends_in_the_middle(cache: Path, foreign: SessionSpec, contained: Engine) -> None:
    """The commands under way are lost, and told so; what was done before is there."""
    if contained.name == "podman":
        need("podman")
        with folder_for("gone") as folder:
            service = Podman(folder)
            _ends_in_the_middle(service, Endpoint(engine="podman", url=f"unix://{service.socket}"), foreign)
        return
    with folder_for("gone") as folder:
        dockerd = Docker(folder)
        _ends_in_the_middle(dockerd, Endpoint(engine="docker", url=f"unix://{dockerd.socket}"), foreign)


def _ends_in_the_middle(service: Docker | Podman, endpoint: Endpoint, spec: SessionSpec) -> None:
    end = pytest.raises(MachineError, match="in the middle") if endpoint.engine == "docker" else nullcontext()
    try:
        with listened(endpoint) as (engine, said), end, engine.open(spec) as opened:
            assert opened.run(shell("echo done")).stdout == b"done\n"
            future = opened.submit(shell("sleep 20; exit 6"))
            time.sleep(0.3)
            service.stop()
            outcome = future.result(40)
            # dockerd takes its containers with it; podman's belong to nobody, and go on without a service
            if endpoint.engine == "docker":
                assert outcome.reason == "lost"
                assert opened.run(shell("exit 0")).reason == "lost"
            else:
                assert outcome.exit_code == 6
        assert "is left until the next start" in said[-1]
    finally:
        service.stop(signal.SIGKILL)


def test_a_full_disk_of_the_daemon(foreign: SessionSpec, podman: Podman, specs: Callable[[str], SessionSpec]) -> None:
    with folder_for("full") as folder:
        (folder / "data").mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder / "data"], check=True)
        service = Podman(folder)
        try:
            endpoint = Endpoint(engine="podman", url=f"unix://{service.socket}")
            with (
                pytest.raises(MachineError, match=r"(?i)no space left") as caught,
                listened(endpoint) as (engine, _),
                engine.open(foreign),
            ):
                pass
            assert "disk" in caught.value.fix
        finally:
            service.stop()


def test_a_socket_without_permission(docker: Docker, users: Callable[[str], object]) -> None:
    stranger: object = users("single")
    code = "from wrongarch.engines.find import find; find('docker')"
    docker.socket.parent.chmod(0o755)
    done = stranger.popen(  # type: ignore[attr-defined]
        "-c", code, env={"DOCKER_HOST": f"unix://{docker.socket}"}, stderr=subprocess.PIPE, stdout=subprocess.PIPE
    )
    _, err = done.communicate(timeout=60)
    assert b"MachineError: cannot talk to docker" in err
    assert b"Permission denied" in err


def test_auto_takes_docker_then_podman_then_the_sandbox(
    docker: Docker, podman: Podman, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said: list[str] = []
    monkeypatch.delenv("WRONGARCH_ENGINE", raising=False)
    assert find("auto", said.append).name == "docker"
    assert find("", said.append).name == "docker"
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nothing")
    assert find("auto", said.append).name == "podman"
    assert "passed over" in said[-2]
    monkeypatch.setenv("CONTAINER_HOST", f"unix://{tmp_path}/nothing")
    assert find("auto", said.append).name == "sandbox"
    with pytest.raises(MachineError, match="cannot talk to docker"):
        find("docker")
    monkeypatch.setenv("WRONGARCH_ENGINE", "nonsense")
    with pytest.raises(UsageError, match="no engine 'nonsense' \\(WRONGARCH_ENGINE\\)"):
        find("", said.append)


def test_contexts_of_docker(
    docker: Docker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, foreign: SessionSpec
) -> None:
    monkeypatch.delenv("DOCKER_HOST")
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    meta = {"Name": "other", "Metadata": {}, "Endpoints": {"docker": {"Host": f"unix://{docker.socket}"}}}
    folder = tmp_path / "contexts/meta" / hashlib.sha256(b"other").hexdigest()
    folder.mkdir(parents=True)
    (folder / "meta.json").write_text(json.dumps(meta))
    (tmp_path / "config.json").write_text(json.dumps({"currentContext": "other"}))
    with find("docker").open(foreign) as opened:
        assert opened.run(shell("exit 2")).exit_code == 2
    monkeypatch.setenv("DOCKER_CONTEXT", "none-such")
    with pytest.raises(MachineError, match="none-such"), find("docker").open(foreign):
        pass


def test_an_address_that_is_none(monkeypatch: pytest.MonkeyPatch, foreign: SessionSpec, docker: Docker) -> None:
    monkeypatch.setenv("DOCKER_HOST", "ssh://-oProxyCommand=touch/x")
    with pytest.raises(UsageError, match="no address of a daemon"), find("docker").open(foreign):
        pass
    monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{free_port()}")
    with pytest.raises(MachineError, match="refused"), find("docker").open(foreign):
        pass


def test_a_killed_run_with_a_registration_on_the_host_takes_it_back(
    contained: Engine, foreign: SessionSpec, python: Python, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WRONGARCH_REGISTRATION", "container")
    line = [sys.executable, "-c", CLIENT, contained.name, foreign.arch.name, str(foreign.root)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True, cwd=REPO) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        assert any(name.startswith(f"wrongarch-{foreign.arch.qemu}-") for name in entries())
        process.kill()
    until(lambda: not any(name.startswith("wrongarch-") for name in entries()), 30)
