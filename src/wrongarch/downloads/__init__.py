"""The only place that opens URLs: downloads that resume, retry, and are checked against a known hash."""

from __future__ import annotations

import hashlib
import io
import os
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from wrongarch import settings
from wrongarch.downloads.origins import Credential
from wrongarch.errors import NetworkError, UntrustedInput, WrongarchError
from wrongarch.paths import lock_in_place, translate_disk_errors

if TYPE_CHECKING:
    from wrongarch.downloads import http

Progress = Callable[[int, int | None], None]
"""Called with the bytes there are and the bytes there will be (None: unknown)."""

_UNKNOWN_LIMIT = 8 << 30  # bytes, where nobody said how large a file is


class NotFoundError(NetworkError):
    """Every address says that it has no such file (404 or 410)."""


class RefusedError(NetworkError):
    """Every address says that we may not have it: `status` is what the last of them answered (401 or 403)."""

    def __init__(self, what: str, *, status: int, fix: str = "", detail: str = "") -> None:
        super().__init__(what, fix=fix, detail=detail)
        self.status = status


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One file to download: addresses to try in order, where to put it, its SHA-256 in hex, its size in bytes.

    Without a hash it is never resumed, nor found to be there already. `credential` goes to its own origin alone.
    `limit` is the most that is taken, in bytes, where the size is unknown.
    """

    urls: tuple[str, ...]
    dest: Path
    sha256: str | None
    size: int | None = None
    credential: Credential | None = None
    limit: int = _UNKNOWN_LIMIT


def fetch(
    urls: Sequence[str],
    dest: Path,
    *,
    sha256: str,
    size: int | None = None,
    progress: Progress | None = None,
    policy: settings.Download | None = None,
) -> Path:
    """Download the file with this hash to `dest`, trying each of `urls`; at once if it is there already.

    What arrived so far is kept beside it as `NAME.partial`, by kills too, and resumed. Another process that wants the
    same `dest` waits and then finds it. Raises UntrustedInput if an address delivers something else twice and none
    the right thing, NotFoundError if all have no such file, NetworkError, or MachineError when the disk is full.
    """
    item = Item(urls=tuple(urls), dest=dest, sha256=sha256, size=size)
    return _fetch(item, progress or _no_progress, policy or settings.current().download, threading.Event())


def fetch_bytes(
    urls: Sequence[str],
    *,
    max_bytes: int,
    policy: settings.Download | None = None,
    credential: Credential | None = None,
) -> bytes:
    """The content at the first of `urls` that delivers, at most `max_bytes`, unchecked. Errors as in `fetch`."""
    from wrongarch.downloads import http  # noqa: PLC0415 - see there

    target = io.BytesIO()
    policy = policy or settings.current().download
    wanted = http.Wanted(limit=max_bytes, credential=credential)
    _try_each(urls, http.Transfer(target, wanted, policy, progress=_no_progress, cancel=threading.Event()))
    return target.getvalue()


def fetch_text(urls: Sequence[str], *, max_bytes: int, policy: settings.Download | None = None) -> str:
    """`fetch_bytes` as UTF-8 text; raises UntrustedInput if it is none."""
    try:
        return fetch_bytes(urls, max_bytes=max_bytes, policy=policy).decode()
    except UnicodeDecodeError as error:
        raise UntrustedInput(f"{urls[0]} is not UTF-8 text: {error}", fix="try another mirror") from error


def fetch_all(
    items: Sequence[Item],
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
    policy: settings.Download | None = None,
) -> list[Path]:
    """Download many files, `jobs` at a time, largest first; their paths in the order of `items`.

    `progress` gets sums over all files, from worker threads, one call at a time. The first error, or Ctrl-C, stops
    the rest at once (what arrived is kept for the next time) and is raised.
    """
    policy = policy or settings.current().download
    cancel = threading.Event()
    meter = _Meter(items, progress or _no_progress)
    order = sorted(range(len(items)), key=lambda index: -(items[index].size or 0))
    todo: queue.SimpleQueue[int] = queue.SimpleQueue()
    for index in order:
        todo.put(index)
    results: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()

    def work() -> None:
        with suppress(queue.Empty):
            while not cancel.is_set():
                index = todo.get_nowait()
                try:
                    _fetch(items[index], meter.of(index), policy, cancel)
                except BaseException as error:  # noqa: BLE001 - handed to the caller's thread
                    results.put(error)
                else:
                    results.put(None)

    # daemon threads: one that hangs in a read must not keep the process from ending after Ctrl-C
    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(jobs or policy.jobs, len(items)))]
    try:
        for thread in threads:
            thread.start()
        for _ in items:
            if (error := results.get()) is not None:
                raise error
    finally:
        cancel.set()
        for thread in threads:
            thread.join(1.0)
    return [item.dest for item in items]


class _Meter:
    """Sums the progress of many files."""

    def __init__(self, items: Sequence[Item], progress: Progress) -> None:
        sizes = [item.size for item in items if item.size is not None]
        self._total = sum(sizes) if len(sizes) == len(items) else None
        self._done = [0] * len(items)
        self._sum = 0
        self._lock = threading.Lock()
        self._progress = progress

    def of(self, index: int) -> Progress:
        def report(done: int, _total: int | None) -> None:
            with self._lock:
                self._sum += done - self._done[index]
                self._done[index] = done
                self._progress(self._sum, self._total)

        return report


def _no_progress(_done: int, _total: int | None) -> None:
    pass


def _fetch(item: Item, progress: Progress, policy: settings.Download, cancel: threading.Event) -> Path:
    if _is_there(item, progress):
        return item.dest
    partial = item.dest.with_name(f"{item.dest.name}.partial")
    with translate_disk_errors(item.dest):
        item.dest.parent.mkdir(parents=True, exist_ok=True)
        with lock_in_place(partial) as descriptor:
            try:
                if not _is_there(item, progress):  # another process may have been faster
                    _fill(descriptor, item, progress, policy, cancel)
                    os.fchmod(descriptor, 0o644)  # native apt reads as a user of its own
                    partial.rename(item.dest)
            finally:
                if os.fstat(descriptor).st_size == 0:
                    partial.unlink(missing_ok=True)
    return item.dest


def _fill(descriptor: int, item: Item, progress: Progress, policy: settings.Download, cancel: threading.Event) -> None:
    from wrongarch.downloads import http  # noqa: PLC0415 - see there

    wanted = http.Wanted(sha256=item.sha256, size=item.size, limit=item.limit, credential=item.credential)
    with os.fdopen(descriptor, "r+b", buffering=0, closefd=False) as file:
        try:
            _try_each(item.urls, http.Transfer(file, wanted, policy, progress=progress, cancel=cancel))
        except OSError:  # the disk is full: give back what we took
            file.truncate(0)
            raise


def _try_each(urls: Sequence[str], transfer: http.Transfer) -> None:
    from wrongarch.downloads import http  # noqa: PLC0415 - see there

    failures: dict[str, http.AddressError] = {}
    for url in urls:
        try:
            return transfer.run(url)
        except http.AddressError as error:
            failures[url] = error
    raise _failed(failures)


def _is_there(item: Item, progress: Progress) -> bool:
    if item.sha256 is None:
        return False
    try:
        with item.dest.open("rb") as file:
            length = os.fstat(file.fileno()).st_size
            if item.size not in (None, length) or hashlib.file_digest(file, "sha256").hexdigest() != item.sha256:
                return False
    except FileNotFoundError:
        return False
    progress(length, length)
    return True


def _failed(failures: Mapping[str, http.AddressError]) -> WrongarchError:
    kinds = {error.kind for error in failures.values()}
    listing = "; ".join(f"{url}: {error}" for url, error in failures.items())
    what = f"could not download {listing or 'a file for which no address is known'}"
    mirror = f"export {settings.MIRROR_VARIABLE}=http://host/debian"
    if "wrong" in kinds:
        return UntrustedInput(what, fix=f"a mirror or proxy on the way delivers something else; try another: {mirror}")
    if kinds == {"refused"}:
        return RefusedError(
            what, status=max(error.status for error in failures.values()), fix="give a token with rights"
        )
    if kinds == {"gone"}:
        return NotFoundError(what, fix=f"it has left the mirror: refresh the pin or lock, or try another: {mirror}")
    return NetworkError(
        what, fix=f"check the network; set a proxy (export http_proxy=http://host:port) or another mirror ({mirror})"
    )
