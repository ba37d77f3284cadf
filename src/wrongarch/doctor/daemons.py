"""Docker and podman: whether they answer, and what their users complain of."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from wrongarch.arches.lookup import host_arch
from wrongarch.doctor.model import Finding, Machine, Probe, fail, good, skip, warn
from wrongarch.engines.containers import locate
from wrongarch.errors import WrongarchError

_SHOWN = 3
_PATIENCE = 10.0  # seconds; a daemon that has just started looks through its images first


def docker(machine: Machine) -> Finding:
    """Whether docker's daemon answers us."""
    return _daemon("docker", machine.env)


def podman(machine: Machine) -> Finding:
    """Whether podman's service answers us."""
    return _daemon("podman", machine.env)


def _daemon(engine: locate.Name, env: Mapping[str, str]) -> Finding:
    troubles = []
    for endpoint in locate.endpoints(engine, env):
        trouble = locate.why_silent(endpoint, _PATIENCE)
        where = endpoint.context or endpoint.url
        if not trouble:
            return good(f"{engine} answers at {where}")
        troubles.append((endpoint, where, trouble))
    if not troubles:
        return skip(f"{engine} is not here; the sandbox does without")
    endpoint, where, trouble = troubles[0]
    if trouble == os.strerror(errno.EACCES):
        fix = "sudo usermod -aG docker $USER   (and log in again)"
        return fail(f"{engine} at {where}: no right to use its socket", fix if engine == "docker" else _OWN_PODMAN)
    fix = _OWN_PODMAN if engine == "podman" else "sudo systemctl start docker"
    if endpoint.chosen:
        variable = "DOCKER_HOST" if engine == "docker" else "CONTAINER_HOST"
        return fail(f"{engine} at {where} ({variable}): {trouble}", f"{fix}   (or: unset {variable})")
    return warn(f"{engine} at {where} left its socket, but does not answer: {trouble}", fix)


_OWN_PODMAN = "systemctl --user start podman.socket"


def cached_platforms(machine: Machine) -> Finding:
    """Names under which docker has an image of another arch: it starts them without being asked twice."""
    endpoint = next((one for one in locate.endpoints("docker", machine.env) if locate.answers(one, _PATIENCE)), None)
    if endpoint is None:
        return skip("docker does not answer, so there are no cached images to look at")
    from wrongarch.engines.containers.api import Daemon  # noqa: PLC0415  the SDK is slow to load

    try:
        with closing(Daemon(endpoint)) as daemon:
            platforms = daemon.platforms()
    except WrongarchError as error:
        return warn(f"docker did not say what images it has: {error.what}", error.fix)
    own = host_arch().platform
    foreign = {name: arch for name, arch in platforms.items() if own is None or arch != own.architecture}
    if not foreign:
        return good(f"all {len(platforms)} images that docker has cached are of this machine's arch")
    shown = ", ".join(f"{name} ({arch})" for name, arch in sorted(foreign.items())[:_SHOWN])
    more = f" and {len(foreign) - _SHOWN} more" if len(foreign) > _SHOWN else ""
    first = min(foreign)
    return warn(
        f"`docker run` starts these foreign images under their plain names, whatever was meant: {shown}{more}",
        f"docker rmi {first}   (then pull it by digest, or with --platform)",
    )


def rate_limit(machine: Machine) -> Finding:
    """Anonymous pulls from Docker Hub are counted by address; who has logged in is counted alone."""
    if not any(
        locate.answers(one, _PATIENCE) for name in ("docker", "podman") for one in locate.endpoints(name, machine.env)
    ):
        return skip("no daemon answers, so nothing is pulled; wrongarch's own images come from Debian's mirror")
    files = _registry_files(machine)
    if any("docker.io" in name for known in files for name in known.get("auths", {})):
        return good("logged in to Docker Hub: its limit on pulls is your own")
    if any(known.get("credsStore") for known in files):
        return good("a credential store is set up for registries")
    return warn(
        "not logged in to Docker Hub: pulls of your own images are limited together with all of your address",
        "docker login   (wrongarch's own images come from Debian's mirror, not from a registry)",
    )


def _registry_files(machine: Machine) -> list[dict[str, Any]]:
    folder = machine.env.get("DOCKER_CONFIG") or str(machine.home / ".docker")
    runtime = machine.env.get("XDG_RUNTIME_DIR") or "/nonexistent"
    auth = machine.env.get("REGISTRY_AUTH_FILE") or f"{runtime}/containers/auth.json"
    found = []
    for file in (f"{folder}/config.json", auth):
        try:
            known = json.loads(machine.read(file) or "{}")
        except (ValueError, RecursionError):
            continue
        if isinstance(known, dict):
            found.append(known)
    return found


PROBES = (
    Probe(name="docker", about="docker's daemon, and the right to use it", look=docker),
    Probe(name="podman", about="podman's service, and the right to use it", look=podman),
    Probe(name="cached-platforms", about="--platform ignored for cached images", look=cached_platforms),
    Probe(name="rate-limit", about="registry rate limits", look=rate_limit),
)
