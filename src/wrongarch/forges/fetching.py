"""From a URL to capsules on this disk."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from wrongarch import documents, downloads, paths, settings
from wrongarch.downloads import Item, NotFoundError, RefusedError
from wrongarch.errors import NetworkError, UntrustedInput, UsageError
from wrongarch.forges import archives, tokens, urls
from wrongarch.forges.model import Failure, Forge, Found, Say, Target
from wrongarch.pipelines import places
from wrongarch.pipelines.records import CapsuleFile, Index
from wrongarch.runs.folder import HOME

FETCHED = f"{HOME}/fetched"
_UNSAFE = re.compile(r"[^A-Za-z0-9._+-]+")
_LONGEST_WAIT = 900.0


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What of it is wanted: an arch ("" all), a regular expression for test ids, at most `most` bytes."""

    arch: str = ""
    test: str = ""
    most: int = 2 << 30


class Capsule(msgspec.Struct, frozen=True, kw_only=True):
    """A capsule on this disk: the job it comes from, its arch, the tests in it where they are known."""

    path: Path
    job: str
    arch: str
    tests: tuple[str, ...]


def open_forge(target: Target, say: Say) -> Forge:
    """The client for a target, with the token that is found for it."""
    credential = tokens.find(target.forge, target.base)
    if target.forge == "github":
        from wrongarch.forges.github import GitHub  # noqa: PLC0415 - PyGithub takes half a second to import

        return GitHub(target.base, credential, say)
    from wrongarch.forges.gitlab import GitLab  # noqa: PLC0415 - the same

    return GitLab(target.base, credential, say)


def find(url: str, say: Say, *, latest_failure: bool = False) -> Found:
    """What failed at a URL. Raises UsageError, NetworkError."""
    target = urls.parse(url)
    return open_forge(target, say).find(target, latest_failure=latest_failure)


def fetch(
    found: Found,
    wish: Wish,
    project: Path,
    *,
    progress: Callable[[int, int | None], None] | None = None,
    policy: settings.Download | None = None,
) -> list[Capsule]:
    """Download what is wanted of `found`, many files at once, each checked by its hash; what is there already stays.

    An interrupted download goes on where it was. Raises UsageError where nothing fits, NetworkError where nothing is
    left of it, UntrustedInput where something else arrived.
    """
    pattern = _compiled(wish.test)
    home = project / FETCHED / _UNSAFE.sub("-", found.title.rpartition(" of ")[2]).strip("-") / found.folder
    policy = policy or msgspec.structs.replace(settings.current().download, longest_asked_seconds=_LONGEST_WAIT)
    usable = [failure for failure in found.failures if not failure.note and _fits_arch(wish.arch, failure)]
    if not usable:
        raise _nothing(found, wish)
    plan = [(failure, home / _folder(failure.job)) for failure in usable]
    items = [item for failure, folder in plan for item in _items(found, failure, folder, wish, pattern)]
    _check_size(usable, items, wish.most)
    _download(found, items, progress, policy)
    capsules = [one for failure, folder in plan for one in _unpacked(failure, folder, wish, pattern)]
    if not capsules:
        raise _nothing(found, wish)
    return capsules


def _download(
    found: Found,
    items: Sequence[Item],
    progress: Callable[[int, int | None], None] | None,
    policy: settings.Download,
) -> None:
    who = tokens.holder(found.credential)
    try:
        downloads.fetch_all(items, progress=progress, policy=policy)
    except NotFoundError as error:
        what = f"capsules of {found.title} have expired or were deleted"
        raise NetworkError(what, fix="run the tests again", detail=error.what) from error
    except RefusedError as error:
        what = f"the forge does not let us download ({error.status}, {who})"
        raise NetworkError(what, fix="give a token with the right to read artifacts", detail=error.what) from error
    except NetworkError as error:
        fix = "try again later: what has arrived is kept"
        raise NetworkError(error.what, fix=fix, detail=error.detail) from error
    except UntrustedInput as error:
        raise UntrustedInput(error.what, fix="fetch again; if it stays so, do not use it") from error


def _compiled(expression: str) -> re.Pattern[str]:
    try:
        return re.compile(expression)
    except re.error as error:
        raise UsageError(f"{expression!r} is no regular expression: {error}", fix="quote it for the shell") from error


def _nothing(found: Found, wish: Wish) -> UsageError | NetworkError:
    notes = "\n".join(f"{failure.job}: {failure.note or 'no capsule fits'}" for failure in found.failures)
    words = [f"arch {wish.arch}" if wish.arch else "", f"tests like {wish.test!r}" if wish.test else ""]
    asked = " and ".join(word for word in words if word)
    if asked:
        return UsageError(f"no capsule for {asked} in {found.title}", fix="ask for less", detail=notes)
    return NetworkError(f"there is no capsule left of {found.title}", fix="run the tests again", detail=notes)


def _fits_arch(arch: str, failure: Failure) -> bool:
    """Names of jobs begin with the arch; what has another name is decided by its index."""
    known = failure.arch or _job_id(failure.job).partition("-")[0]
    return not arch or known == arch


def _job_id(job: str) -> str:
    """GitLab puts the variables of a matrix in brackets behind the job's own name: "test-arm: [arm-jsc-all]"."""
    inner = re.search(r"\[([^\]]*)\]\s*$", job)
    return inner[1] if inner else job


def _folder(job: str) -> str:
    return _UNSAFE.sub("-", _job_id(job)).strip("-.") or "job"


def _items(found: Found, failure: Failure, folder: Path, wish: Wish, pattern: re.Pattern[str]) -> list[Item]:
    bundle = failure.bundle
    if bundle is not None and _whole(folder):
        return []
    wanted: list[tuple[str, Path, str | None, int | None]]
    if bundle is not None:
        # without its size: GitHub has counted the archive or what is in it, as it was at the time
        wanted = [(bundle.url, folder.parent / f"{folder.name}.zip", bundle.sha256, None)]
    else:
        fitting = [one for one in failure.capsules if _fits_test(one, pattern)]
        wanted = [(failure.files + one.name, folder / one.name, one.sha256, one.size) for one in fitting]
    return [
        Item(urls=(url,), dest=dest, sha256=sha256, size=size, credential=found.credential, limit=wish.most)
        for url, dest, sha256, size in wanted
    ]


def _fits_test(capsule: CapsuleFile, pattern: re.Pattern[str]) -> bool:
    return any(pattern.search(test) for test in capsule.tests or (capsule.name,))


def _check_size(failures: Sequence[Failure], items: Sequence[Item], most: int) -> None:
    total = sum(item.size or 0 for item in items)
    total += sum(failure.bundle.size for failure in failures if failure.bundle is not None)
    if total > most:
        what = f"that is {total >> 20} MiB to download, more than {most >> 20}"
        raise UsageError(what, fix=f"ask for less (--arch, --test), or allow it: --max-size {(total >> 20) + 1}")


def _whole(folder: Path) -> bool:
    """Whether an artifact was unpacked here before, and nothing is missing."""
    index = _read_index(folder)
    return index is not None and all(archives.is_whole(folder / one.name, one) for one in index.capsules)


def _read_index(folder: Path) -> Index | None:
    try:
        return documents.decode((folder / places.INDEX).read_bytes(), Index)
    except (FileNotFoundError, documents.DamagedError):
        return None


def _unpacked(failure: Failure, folder: Path, wish: Wish, pattern: re.Pattern[str]) -> list[Capsule]:
    if failure.bundle is not None:
        archive = folder.parent / f"{folder.name}.zip"
        index = _read_index(folder) if _whole(folder) else archives.unpack(archive, folder, most=wish.most)
        paths.remove_tree(archive)
        assert index is not None  # noqa: S101 - `_whole` has just read it
    else:
        index = Index(job=_job_id(failure.job), arch=failure.arch, capsules=failure.capsules)
    if wish.arch and index.arch != wish.arch:
        return []
    return [
        Capsule(path=folder / one.name, job=index.job, arch=index.arch, tests=one.tests)
        for one in index.capsules
        if _fits_test(one, pattern)
    ]
