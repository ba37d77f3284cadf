"""Images that travel: archives, other people's tools, registries, builds on top of them, FROM scratch."""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
import zstandard

from tests.engines.conftest import ENGINES, need
from tests.support.daemons import Docker, Podman, Registry, folder_for
from wrongarch import settings
from wrongarch.arches.lookup import find as find_arch
from wrongarch.cli import ground, main
from wrongarch.cli.progress import Progress
from wrongarch.downloads import registry as registries
from wrongarch.emulators import pins, store
from wrongarch.engines.base import Command, Mount, SessionSpec
from wrongarch.engines.containers import images, registrar
from wrongarch.engines.containers.api import Daemon, credentials
from wrongarch.engines.containers.payload import Python
from wrongarch.engines.sandbox import Sandbox
from wrongarch.errors import MachineError, NetworkError, UsageError
from wrongarch.images import oci, travel
from wrongarch.images.toolbox import silent

LABELS = {
    "org.opencontainers.image.title": "busybox",
    "org.opencontainers.image.description": "a few links",
    "org.opencontainers.image.revision": "0123",
    "wrongarch.lock": "4567",
    "wrongarch.recipe": "none",
    "wrongarch.emulator": "QEMU 10.0",
}


def call(*argv: str | Path, **options: object) -> str:
    """What a program prints; it has to work."""
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=300, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, (argv, done.stdout, done.stderr)
    printed: str = done.stdout
    return printed


@pytest.fixture(scope="module")
def traveller(foreign: SessionSpec) -> travel.Traveller:
    return travel.Traveller(root=foreign.root, arch=foreign.arch, labels=LABELS, created=1_700_000_000)


@pytest.fixture(scope="module")
def another(specs: Callable[[str], SessionSpec]) -> travel.Traveller:
    spec = specs("ppc64le")
    return travel.Traveller(root=spec.root, arch=spec.arch, labels=LABELS, created=1_700_000_000)


@pytest.fixture(scope="module")
def archive(traveller: travel.Traveller, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("archive") / "image.tar"
    travel.export((traveller,), "localhost/wrongarch/test:arm", file, "oci", silent)
    return file


def test_an_archive_says_what_it_is(archive: Path, traveller: travel.Traveller, tmp_path: Path) -> None:
    need("skopeo")
    config = json.loads(call("skopeo", "inspect", "--config", f"oci-archive:{archive}"))
    platform = traveller.platform
    assert (config["os"], config["architecture"], config.get("variant", "")) == (
        "linux",
        platform.architecture,
        platform.variant,
    )
    assert config["config"]["Labels"] == LABELS
    assert config["created"] == "2023-11-14T22:13:20Z"
    again = tmp_path / "again.tar"
    digest = travel.export((traveller,), "localhost/wrongarch/test:arm", again, "oci", silent)
    assert again.read_bytes() == archive.read_bytes()
    raw = call("skopeo", "inspect", "--raw", f"oci-archive:{archive}").encode()
    assert digest == oci.Blob(kind="", data=raw).measure.digest


def test_docker_and_podman_load_it(daemon: Daemon, archive: Path, traveller: travel.Traveller) -> None:
    call(daemon.engine, "load", "-i", archive)
    name = "localhost/wrongarch/test:arm"
    facts = json.loads(call(daemon.engine, "image", "inspect", name))[0]
    platform = traveller.platform
    assert (facts["Os"], facts["Architecture"], facts.get("Variant", platform.variant)) == (
        "linux",
        platform.architecture,
        platform.variant,
    )
    assert facts["Config"]["Labels"].items() >= LABELS.items()
    daemon.remove_image(name)


@pytest.mark.parametrize("suffix", ["tar", "tar.gz", "tar.zst"])
def test_a_plain_root_has_what_the_root_has(traveller: travel.Traveller, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"root.{suffix}"
    travel.export((traveller,), "", file, "rootfs", silent)
    data = file.read_bytes()
    if suffix == "tar.gz":
        data = gzip.decompress(data)
    elif suffix == "tar.zst":
        data = zstandard.ZstdDecompressor().decompressobj().decompress(data)
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        members = {member.name: member for member in tar}
        busybox = tar.extractfile("bin/busybox")
        assert busybox is not None
        assert busybox.read() == (traveller.root / "bin/busybox").read_bytes()
    assert set(members) == {str(path.relative_to(traveller.root)) for path in traveller.root.rglob("*")}
    assert {(member.uid, member.gid) for member in members.values()} == {(0, 0)}
    assert members["bin/sh"].linkname == "busybox"


def test_a_full_disk_while_writing(traveller: travel.Traveller) -> None:
    with folder_for("small") as folder:
        (folder / "disk").mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", folder / "disk"], check=True)
        with pytest.raises(MachineError, match="is full"):
            travel.export((traveller,), "a:b", folder / "disk/image.tar", "oci", silent)
        assert list((folder / "disk").iterdir()) == []


@pytest.fixture
def logged_in(registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """docker's configuration after `docker login`."""
    words = base64.b64encode(f"{registry.USER}:{registry.PASSWORD}".encode()).decode()
    (tmp_path / "config.json").write_text(json.dumps({"auths": {registry.host: {"auth": words}}}))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    return tmp_path


def test_one_tag_for_two_arches_and_back_by_digest(
    registry: Registry,
    logged_in: Path,
    traveller: travel.Traveller,
    another: travel.Traveller,
    docker: Docker,
    tmp_path: Path,
) -> None:
    need("skopeo")
    where = registries.parse(f"{registry.host}/team/busybox:both")
    sent = travel.push((traveller, another), where, credentials, silent)
    assert travel.push((traveller, another), where, credentials, silent) == sent
    seen = ["--tls-verify=false", f"--creds={registry.USER}:{registry.PASSWORD}"]
    raw = json.loads(call("skopeo", "inspect", "--raw", *seen, f"docker://{where.text()}"))
    assert raw["mediaType"] == oci.INDEX
    platforms = [entry["platform"] for entry in raw["manifests"]]
    found = {f"{platform['architecture']}/{platform.get('variant', '')}" for platform in platforms}
    assert found == {"arm/v7", "ppc64le/"}
    by_digest = registries.parse(where.text(sent.digest))
    file = tmp_path / "pulled.tar"
    with travel.pulled(by_digest, another.platform, credentials) as image:
        assert image.digest == sent.images["linux/ppc64le"]
        travel.write(image, "localhost/x:y", file)
    config = json.loads(call("skopeo", "inspect", "--config", f"oci-archive:{file}"))
    assert config["architecture"] == "ppc64le"
    with (
        pytest.raises(UsageError, match="has no image for linux/s390x") as caught,
        travel.pulled(where, images.platform_of(find_arch("s390x")), credentials),
    ):
        pass
    assert "arm/linux/v7" in caught.value.fix
    digest = sent.images["linux/arm/v7"]
    here = {**os.environ, **docker.env, "DOCKER_CONFIG": str(logged_in)}
    call("docker", "pull", "--quiet", "--platform=linux/arm/v7", where.text(digest), env=here)
    call("docker", "rmi", where.text(digest), env=here)


def test_the_commands_push_and_pull(
    registry: Registry, logged_in: Path, traveller: travel.Traveller, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = registries.parse(f"{registry.host}/team/single:1")
    sent = travel.push((traveller,), where, credentials, silent)
    file = tmp_path / "image.tar"
    assert main(["image", "pull", where.text(), traveller.arch.name, "-o", str(file)]) == 0
    assert sent.digest in capsys.readouterr().out
    assert main(["image", "pull", where.text(), "s390x", "-o", str(file)]) == 2
    assert "is for linux/arm/v7, not for linux/s390x" in capsys.readouterr().err
    assert main(["image", "pull", f"{registry.host}/none:1", "arm", "-o", str(file)]) == 4
    assert main(["image", "pull", where.text(), "arm"]) == 2
    assert main(["image", "push", where.text()]) == 2
    assert main(["image", "push", "arm", "NOT a name"]) == 2


def test_a_registry_that_refuses(
    registry: Registry, traveller: travel.Traveller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    where = registries.parse(f"{registry.host}/team/refused:1")
    with pytest.raises(NetworkError, match="refused to") as caught:
        travel.push((traveller,), where, credentials, silent)
    assert f"docker login {registry.host}" in caught.value.fix


def test_credentials_of_a_helper(
    registry: Registry, traveller: travel.Traveller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = json.dumps({"Username": registry.USER, "Secret": registry.PASSWORD, "ServerURL": registry.host})
    helper = tmp_path / "docker-credential-wrongarch-test"
    helper.write_text(f"#!/bin/sh\ncat >/dev/null\necho '{answer}'\n")
    helper.chmod(0o755)
    (tmp_path / "config.json").write_text(json.dumps({"credHelpers": {registry.host: "wrongarch-test"}}))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    where = registries.parse(f"{registry.host}/team/helped:1")
    assert travel.push((traveller,), where, credentials, silent).digest.startswith("sha256:")


def test_a_registry_that_is_not_there(traveller: travel.Traveller, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = msgspec.structs.replace(settings.current().download, attempts=2, backoff_seconds=0.01)
    short = msgspec.structs.replace(settings.current(), download=quick)
    monkeypatch.setattr(settings, "current", lambda: short)
    with pytest.raises(NetworkError, match="could not"):
        travel.push((traveller,), registries.parse("localhost:1/a/b:c"), credentials, silent)


@pytest.fixture
def registered(daemon: Daemon, python: Python, pinned: None) -> Iterator[None]:
    """ARM programs run on the host, as `wrongarch binfmt register arm` does it."""
    arm = find_arch("arm")
    registrar.register(daemon, python, [(arm, store.get(pins.load().default, "arm"))], lambda _: None)
    yield
    registrar.unregister(daemon, python, [registrar.name_of(arm)], lambda _: None)


def test_a_containerfile_can_start_from_it(
    daemon: Daemon, registered: None, archive: Path, tmp_path: Path, podman: Podman
) -> None:
    name, made = "localhost/wrongarch/test:arm", "localhost/wrongarch/built:arm"
    call(daemon.engine, "load", "-i", archive)
    steps = (f"FROM {name}", "COPY file /etc/file", "RUN uname -m >/etc/machine", "LABEL a=b", "")
    (tmp_path / "Containerfile").write_text("\n".join(steps))
    (tmp_path / "file").write_text("copied")
    buildah = ["buildah", "build", "--isolation=chroot"]
    builders = {"docker": [["docker", "build"]], "podman": [["podman", "build"], buildah]}
    quiet = {**os.environ, "DOCKER_BUILDKIT": "0", "BUILDAH_ISOLATION": "chroot"}
    quiet.pop("CONTAINER_HOST")
    for builder in builders[daemon.engine]:
        need(builder[0])
        network = ["--network=none"] if builder[0] == "docker" else []
        where = ["-t", made, "-f", tmp_path / "Containerfile", tmp_path]
        call(*builder, *network, "--platform=linux/arm/v7", *where, env=quiet)
        facts = daemon.image(made)
        assert facts is not None
        assert (facts.platform.architecture, facts.labels["a"]) == ("arm", "b")
        options = ["--rm", "--network=none", "--platform=linux/arm/v7"]
        printed = call(daemon.engine, "run", *options, made, "cat", "/etc/machine", "/etc/file", env=quiet)
        assert printed == "armv7l\ncopied"
        daemon.remove_image(made)
    daemon.remove_image(name)


@pytest.fixture(scope="module")
def hellos(cache: Path, pinned: None, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """hello.c of the recipe, static and dynamic, by the compilers of the images for arm and amd64."""
    made = {}
    for arch in ("arm", "amd64"):
        words = ground.Words(arch=arch, recipe="hello", engine="sandbox")
        choice = ground.choose(words, Path.cwd())
        base = ground.ground(words, choice, Progress())
        out = tmp_path_factory.mktemp(arch)
        mounts = (Mount(source=choice.recipe.folder, target="/in"), Mount(source=out, target="/out", writable=True))
        spec = SessionSpec(arch=base.arch, root=base.root, emulator=base.emulator, mounts=mounts)
        with Sandbox().open(spec) as session:
            for kind, flag in (("static", "-static"), ("dynamic", "-pie")):
                command = Command(argv=("gcc", flag, "-o", f"/out/{kind}", "/in/hello.c"))
                outcome = session.run(command)
                assert outcome.exit_code == 0, outcome.stdout
                made[arch, kind] = out / kind
    return made


LOADERS = {"arm": "/lib/ld-linux-armhf.so.3", "amd64": "/lib64/ld-linux-x86-64.so.2"}


def wrongarch(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Our program, as a user runs it."""
    line = [sys.executable, "-m", "wrongarch", *words]
    return subprocess.run(line, capture_output=True, text=True, check=False, timeout=300, stdin=subprocess.DEVNULL)


@pytest.mark.parametrize("arch", ["arm", "amd64"])
@pytest.mark.parametrize("engine", ENGINES)
def test_hello_from_scratch(
    docker: Docker, podman: Podman, hellos: dict[tuple[str, str], Path], engine: str, arch: str
) -> None:
    """The static one runs where nothing else is, through QEMU; the dynamic one is explained by its own PT_INTERP."""
    options = ["--engine", engine, "--emulator", "10.0"]
    static = wrongarch("image", "scratch", arch, hellos[arch, "static"], *options)
    assert (static.returncode, static.stdout) == (0, "Hello, world!\n"), static.stderr
    dynamic = wrongarch("image", "scratch", arch, hellos[arch, "dynamic"], *options)
    assert dynamic.returncode != 0
    assert f"starts through its loader {LOADERS[arch]}, but there is no {LOADERS[arch]}" in dynamic.stderr
    assert "libc6" in dynamic.stderr
    if engine == "sandbox":
        assert wrongarch("image", "scratch", "s390x", hellos[arch, "static"], *options).returncode == 2


def test_hello_from_scratch_as_an_image(
    daemon: Daemon, registered: None, hellos: dict[tuple[str, str], Path], tmp_path: Path
) -> None:
    """With plain docker and podman, and what `wrongarch binfmt register` did."""
    for kind in ("static", "dynamic"):
        file, tag = tmp_path / f"{kind}.tar", f"localhost/wrongarch/hello:{kind}"
        made = wrongarch("image", "scratch", "arm", hellos["arm", kind], "-o", file, "--tag", tag)
        assert made.returncode == 0
        assert ("loader" in made.stderr) == (kind == "dynamic")
        call(daemon.engine, "load", "-i", file)
        line = [daemon.engine, "run", "--rm", "--network=none", "--platform=linux/arm/v7", tag, f"/{kind}"]
        done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=120)
        if kind == "static":
            assert done.stdout == "Hello, world!\n", done.stderr
        else:
            assert done.returncode != 0
        daemon.remove_image(tag)
