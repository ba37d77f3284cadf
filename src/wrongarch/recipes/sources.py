"""Get a recipe's source onto the host, as a folder that the guest sees read-only."""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path

import msgspec

from wrongarch import downloads
from wrongarch.debian import pool
from wrongarch.errors import UntrustedInput, UsageError
from wrongarch.paths import cache_dir, locked, staging, sweep_stale
from wrongarch.recipes import model
from wrongarch.recipes.reading import Recipe
from wrongarch.recipes.unpack import unpack_tar


def fetch_source(recipe: Recipe, progress: downloads.Progress | None = None) -> Path | None:
    """The folder with the recipe's source; None where it has none. Downloads and unpacks it the first time.

    Raises UsageError for a folder that is not there, and what `downloads.fetch` and `unpack_tar` raise.
    """
    source = recipe.contents.source
    if isinstance(source, model.DebianSource):
        return _debian_source(recipe, source, progress)
    if isinstance(source, model.FolderSource):
        folder = (recipe.folder / Path(source.path).expanduser()).resolve()
        if not folder.is_dir():
            raise UsageError(f"{recipe.file}: source.path: there is no folder {folder}", fix="correct source.path")
        return folder
    return None


def _debian_source(recipe: Recipe, source: model.DebianSource, progress: downloads.Progress | None) -> Path:
    store = cache_dir() / "sources"
    folder = store / f"{source.sha256}-{source.strip}{_edited(source)}"
    if folder.is_dir():
        return folder
    archive = _archive(recipe, source, progress)
    store.mkdir(exist_ok=True)
    with locked(store / "unpack.lock"):
        sweep_stale(store)
        if not folder.is_dir():
            with staging(store, folder.name) as work:
                inner = work / "tree"
                inner.mkdir()
                unpack_tar(archive, inner, source.strip)
                _edit(inner, source)
                inner.rename(folder)
    return folder


def _archive(recipe: Recipe, source: model.DebianSource, progress: downloads.Progress | None) -> Path:
    file = pool.PoolFile(
        name=Path(source.path).name, version="", path=source.path, size=source.size, sha256=source.sha256
    )
    try:
        return pool.fetch_pool([file], taken=_moment(source.taken), progress=progress)[source.sha256]
    except UntrustedInput as error:  # those who wrote the recipe may have made the mistake
        key = "source" if recipe.written.source == source else f"sources.{recipe.form.name}.source"
        fix = f"{error.fix}\nor correct {key}.sha256 or {key}.size in {recipe.file}"
        raise UntrustedInput(error.what, fix=fix, detail=error.detail) from error


def _edited(source: model.DebianSource) -> str:
    """The end of a folder's name that tells sources with edits apart, "" without any."""
    return f"-{hashlib.sha256(msgspec.json.encode(source.edits)).hexdigest()[:12]}" if source.edits else ""


def _edit(tree: Path, source: model.DebianSource) -> None:
    """Make the recipe's changes to what was unpacked. Raises UsageError for a text that is not there."""
    for edit in source.edits:
        file = tree / edit.file
        fix = "correct the edits of the recipe's source"
        if not file.is_file() or file.is_symlink() or ".." in edit.file.split("/"):
            raise UsageError(f"{source.path} has no file {edit.file} to edit", fix=fix)
        text = file.read_text(encoding="utf-8")
        if edit.old not in text:
            raise UsageError(f"{edit.file} in {source.path} does not say {edit.old!r}", fix=fix)
        file.write_text(text.replace(edit.old, edit.new), encoding="utf-8")


def _moment(day: datetime.date | None) -> int | None:
    """The first second of a day as UNIX time."""
    if day is None:
        return None
    return int(datetime.datetime.combine(day, datetime.time(), tzinfo=datetime.UTC).timestamp())
