"""What forges have in common: an address that leads to failures, the failures, and what can be downloaded of them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Literal, Protocol

import msgspec

from wrongarch.downloads.origins import Credential
from wrongarch.pipelines.records import CapsuleFile

Kind = Literal["run", "job", "change", "commit", "artifact", "branch", "project"]
Say = Callable[[str], None]


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What a URL means. `base` is the forge ("https://gitlab.com"), `project` the path of the repository there.

    `number` is the id of a run (pipeline), job, change (pull or merge request) or artifact; `run` that of the run
    around a job or an artifact where the URL has it. `ref` is a commit or a branch.
    """

    forge: Literal["github", "gitlab"]
    base: str
    project: str
    kind: Kind
    number: int = 0
    run: int = 0
    ref: str = ""

    @property
    def words(self) -> str:
        """For people: "pull request 12 of owner/repo"."""
        names = {
            "run": "run" if self.forge == "github" else "pipeline",
            "change": "pull request" if self.forge == "github" else "merge request",
        }
        what = str(self.number) if self.number else self.ref
        return f"{names.get(self.kind, self.kind)} {what} of {self.project}" if what else self.project


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """Capsules of one job that come in one archive (GitHub's artifacts).

    `sha256` is None where the forge does not tell; `expired` is when it was deleted, `size` that of the archive.
    """

    name: str
    url: str
    size: int
    sha256: str | None
    expired: datetime.datetime | None = None


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A job that failed: its name, where people look at it, and what can be downloaded of it.

    Either `bundle`, or `capsules` one by one, below `files` (an address that ends with a slash). `note` says why there
    is nothing.
    """

    job: str
    url: str
    bundle: Bundle | None = None
    capsules: tuple[CapsuleFile, ...] = ()
    files: str = ""
    arch: str = ""
    note: str = ""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a URL led to: a title for people, an id for a folder, the failures, and what proves who we are."""

    title: str
    folder: str
    failures: tuple[Failure, ...]
    credential: Credential | None = None


class Forge(Protocol):
    """Finds failures."""

    def find(self, target: Target, *, latest_failure: bool) -> Found:
        """What failed there. Raises NetworkError and UsageError in plain words."""
        ...


def nothing_failed(target: Target, seen: Sequence[str]) -> str:
    """The sentence for a target without failures; `seen` are the runs that were looked at."""
    looked = f" ({', '.join(seen)})" if seen else ""
    return f"nothing failed in {target.words}{looked}"


def innermost(error: BaseException) -> str:
    """The cause at the bottom, in words without addresses: their queries can be as good as a password."""
    seen = error
    while (inner := seen.__cause__ or seen.__context__) is not None:
        seen = inner
    return getattr(seen, "strerror", None) or type(seen).__name__
