"""The mirror, what would prove who we are to a forge, and workflows that cannot work."""

from __future__ import annotations

import re
import stat
import time
from collections.abc import Iterator
from typing import Any

import msgspec

from wrongarch import downloads, settings
from wrongarch.doctor.model import Finding, Machine, Probe, fail, good, skip, warn
from wrongarch.errors import WrongarchError

_TOKENS = (
    "GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN",
    "GITLAB_TOKEN", "GITLAB_ACCESS_TOKEN", "CI_JOB_TOKEN",
)  # fmt: skip
_INDEX = "dists/bookworm/InRelease"
_FOREIGN_IMAGE = re.compile(r"^(arm32v[567]|arm64v8|i386|mips64le|ppc64le|riscv64|s390x)/|-(armhf|arm64|s390x)\b")


def mirror(_machine: Machine) -> Finding:
    """Read the head of an index from the mirror that is in use."""
    debian = settings.current().debian
    policy = msgspec.structs.replace(settings.current().download, attempts=1, connect_seconds=5.0, read_seconds=10.0)
    troubles = []
    for address in debian.mirrors:
        begun = time.monotonic()
        try:
            text = downloads.fetch_bytes([f"{address}/{_INDEX}"], max_bytes=1 << 20, policy=policy)
        except WrongarchError as error:
            troubles.append(error.what)
            continue
        if b"Origin: Debian" in text:
            return good(f"{address} (from: {debian.origin}) answers in {time.monotonic() - begun:.1f} s")
        troubles.append(f"{address} answers, but with something else than Debian's index (a log-in page?)")
    return fail(
        f"no mirror of Debian can be reached: {'; '.join(troubles)}",
        f"export {settings.MIRROR_VARIABLE}=http://deb.debian.org/debian   (and see http_proxy)",
    )


def tokens(machine: Machine) -> Finding:
    """Which tokens are there, never what they are; and whether others may read the files that hold some."""
    there = [name for name in _TOKENS if machine.env.get(name)]
    config = machine.env.get("XDG_CONFIG_HOME") or str(machine.home / ".config")
    home = str(machine.home)
    files = [f"{config}/gh/hosts.yml", f"{config}/glab-cli/config.yml", machine.env.get("NETRC") or f"{home}/.netrc"]
    for file in files:
        path = machine.path(file)
        try:
            mode = path.stat().st_mode
        except OSError:
            continue
        if mode & (stat.S_IRGRP | stat.S_IROTH):
            return warn(f"others on this machine can read {file}, which may hold tokens", f"chmod 600 {file}")
        there.append(file)
    if there:
        return good(f"found (not shown): {', '.join(there)}")
    return skip("no token for GitHub or GitLab: only needed to fetch failures from a pipeline", "gh auth login")


def workflows(machine: Machine) -> Finding:
    """Jobs that run JavaScript actions inside a foreign container: the runner's node does not start there."""
    folder = machine.project / ".github" / "workflows"
    files = sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")])
    if not files:
        return skip("this folder has no GitHub workflows to look at")
    import yaml  # noqa: PLC0415  slow to load

    found = []
    for file in files:
        try:
            document = yaml.safe_load(file.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            return warn(f"{file.name} cannot be read: {error}", f"correct {file}")
        found += [f"{file.name}: {job}" for job in _foreign_jobs(document)]
    if found:
        return warn(
            f"jobs whose actions cannot start in their foreign container: {', '.join(found)}",
            "run them on the runner itself, and the program inside: wrongarch run ARCH -- COMMAND",
        )
    return good(f"{len(files)} workflows, none runs actions in a foreign container")


def _foreign_jobs(document: Any) -> Iterator[str]:
    jobs = document.get("jobs") if isinstance(document, dict) else None
    for name, job in jobs.items() if isinstance(jobs, dict) else ():
        container = job.get("container") if isinstance(job, dict) else None
        told = container if isinstance(container, dict) else {"image": container or ""}
        image, options = str(told.get("image", "")), str(told.get("options", ""))
        steps = job.get("steps") if isinstance(job, dict) else None
        actions = [step for step in steps or () if isinstance(step, dict) and "uses" in step]
        foreign = _FOREIGN_IMAGE.search(image) or ("--platform" in options and "amd64" not in options)
        if foreign and actions:
            yield str(name)


PROBES = (
    Probe(name="mirror", about="Debian's mirror", look=mirror),
    Probe(name="tokens", about="tokens for forges, without showing them", look=tokens),
    Probe(name="workflows", about="JavaScript actions in foreign containers", look=workflows),
)
