"""What is known of a failure besides the failure: the machine, the image, the source's revision and what differs."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

import msgspec

from wrongarch import documents, process
from wrongarch.arches.lookup import host_arch
from wrongarch.capsules.manifest import HostFacts, ImageFacts
from wrongarch.errors import WrongarchError
from wrongarch.runs import scrub

_LARGEST_DIFF = 4 << 20
_GIT = ("git", "-c", "core.quotePath=true", "-c", "core.fsmonitor=false")
_GIT_SECONDS = 20.0
_CPU_NAME = re.compile(r"^(?:model name|Model|cpu model|cpu|Processor)\s*:\s*(.+)$", re.MULTILINE)


def host() -> HostFacts:
    """This machine, without what changes from minute to minute."""
    cpu = memory = ""
    with suppress(OSError):
        found = _CPU_NAME.search(Path("/proc/cpuinfo").read_text(errors="replace"))
        cpu = found[1].strip()[:200] if found else ""
    with suppress(OSError):
        memory = Path("/proc/meminfo").read_text(errors="replace").partition("MemTotal:")[2].split()[0]
    return HostFacts(
        arch=host_arch().name,
        kernel=os.uname().release[:200],
        cpu=cpu,
        cpus=os.cpu_count() or 0,
        memory=int(memory or 0) >> 10,
    )


class _ImageNote(msgspec.Struct):
    digest: str = ""
    lock: str = ""
    registry: str = ""


def image(root: Path) -> ImageFacts:
    """The image that a root is of, by the note beside it; nothing where there is none."""
    try:
        note = documents.decode((root.parent / "image.json").read_bytes(), _ImageNote)
    except (OSError, documents.DamagedError):
        return ImageFacts()
    return ImageFacts(lock=note.lock[:200], digest=note.digest[:200], registry=note.registry)


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """A commit in hex ("" where there is none), and a patch of what differs from it in some folders."""

    commit: str = ""
    changes: bytes = b""


def revision(folders: tuple[Path, ...]) -> Revision:
    """The commit of the checkout that the first of `folders` lies in, with local changes to all of them.

    Files that git does not know are named in the patch, not shown. Secrets in it are removed.
    """
    top = folders[0]
    commit = _git(top, "rev-parse", "--verify", "HEAD").strip().decode("ascii", "replace")
    if not re.fullmatch(r"[0-9a-f]{40,64}", commit):
        return Revision()
    changes = b""
    for folder in folders:
        changes += _git(folder, "diff", "--no-ext-diff", "--no-textconv", "--no-color", "HEAD", "--", ".")
        unknown = _git(folder, "ls-files", "--others", "--exclude-standard").splitlines()
        changes += b"".join(b"# not in git: %s\n" % name for name in sorted(unknown)[:1000])
    if len(changes) > _LARGEST_DIFF:
        changes = changes[:_LARGEST_DIFF] + b"\n# cut here: the changes are larger\n"
    return Revision(commit=commit, changes=scrub.text(changes, scrub.secret_values(os.environ)))


def _git(folder: Path, *words: str) -> bytes:
    """What git prints, nothing where it cannot."""
    env = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    try:
        done = process.run([*_GIT, "-C", str(folder), *words], env=env, timeout=_GIT_SECONDS, check=False)
    except WrongarchError:
        return b""
    return done.stdout if done.code == 0 else b""
