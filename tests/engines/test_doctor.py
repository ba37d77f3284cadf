"""The doctor's probes of daemons, on real ones with real images."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile

import pytest

from tests.support.daemons import Docker, Podman
from wrongarch.arches.lookup import host_arch
from wrongarch.arches.model import Platform
from wrongarch.doctor import daemons
from wrongarch.doctor.model import Machine
from wrongarch.engines.containers.api import Daemon
from wrongarch.engines.containers.locate import Endpoint


def give(docker: Docker, name: str, architecture: str) -> None:
    """An image of one empty folder, as `docker load` takes it (the archive of the image specification)."""
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("etc"))

    digest = hashlib.sha256(layer.getvalue()).hexdigest()
    config = {
        "architecture": architecture,
        "os": "linux",
        "config": {},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]},
    }
    files = {
        "config.json": json.dumps(config).encode(),
        "layer.tar": layer.getvalue(),
        "manifest.json": json.dumps([{"Config": "config.json", "RepoTags": [name], "Layers": ["layer.tar"]}]).encode(),
    }
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for path, content in files.items():
            facts = tarfile.TarInfo(path)
            facts.size = len(content)
            tar.addfile(facts, io.BytesIO(content))
    archive.seek(0)
    daemon = Daemon(Endpoint(engine="docker", url=docker.env["DOCKER_HOST"]))
    try:
        daemon.load(archive)
    finally:
        daemon.close()


@pytest.fixture
def machine(docker: Docker) -> Machine:
    return Machine(env={**docker.env, "HOME": str(docker.folder), "CONTAINER_HOST": "unix:///nonexistent/socket"})


def test_docker_and_its_images(docker: Docker, machine: Machine) -> None:
    found = daemons.docker(machine)
    assert found.status == "pass", found.words
    own = host_arch().platform or Platform(architecture="amd64")
    give(docker, "doctor-own:1", own.architecture)
    foreign = "s390x" if own.architecture != "s390x" else "arm64"
    assert "doctor-" not in daemons.cached_platforms(machine).words
    give(docker, "doctor-foreign:1", foreign)
    try:
        found = daemons.cached_platforms(machine)
        assert (found.status, f"doctor-foreign:1 ({foreign})" in found.words) == ("warn", True)
        assert found.fix.startswith("docker rmi ")
    finally:
        daemon = Daemon(Endpoint(engine="docker", url=docker.env["DOCKER_HOST"]))
        for name in ("doctor-foreign:1", "doctor-own:1"):
            daemon.remove_image(name)
        daemon.close()


def test_podman(podman: Podman) -> None:
    assert daemons.podman(Machine(env=podman.env)).status == "pass"
