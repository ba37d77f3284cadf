"""Sources of recipes over HTTP: from a mirror, or from the archive of snapshots when the mirror has moved on."""

from __future__ import annotations

import hashlib
import io
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.samples import MINIMAL, recipe
from tests.support.web import Server, serving
from wrongarch import settings
from wrongarch.errors import NetworkError, UntrustedInput, UsageError
from wrongarch.paths import cache_dir
from wrongarch.recipes.reading import Recipe, read_recipe
from wrongarch.recipes.sources import fetch_source

PATH = "pool/main/e/engine/engine_1.0.orig.tar.xz"


def archive(name: str = "engine-1.0/main.c") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:xz") as tar:
        info = tarfile.TarInfo(name)
        info.size = 4
        tar.addfile(info, io.BytesIO(b"code"))
    return out.getvalue()


RAW = archive()


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server that is both mirror and archive of snapshots, and a cache of the test's own."""
    with serving() as server:
        monkeypatch.setenv("WRONGARCH_CACHE", str(tmp_path / "cache"))
        monkeypatch.setenv(settings.MIRROR_VARIABLE, f"{server.base}/debian")
        monkeypatch.setenv(settings.SNAPSHOT_VARIABLE, f"{server.base}/snapshot")
        settings.current.cache_clear()
        yield server
    settings.current.cache_clear()


def written(folder: Path, raw: bytes = RAW, extra: str = "") -> Recipe:
    source = f"""
[source]
kind = "debian-source"
path = "{PATH}"
sha256 = "{hashlib.sha256(raw).hexdigest()}"
size = {len(raw)}
{extra}
[image]"""
    return recipe(folder / "mini", MINIMAL.replace("[image]", source))


def test_a_source_is_downloaded_and_unpacked_once(server: Server, tmp_path: Path) -> None:
    server.bodies[f"/debian/{PATH}"] = RAW
    folder = fetch_source(written(tmp_path))
    assert folder is not None
    assert (folder / "main.c").read_bytes() == b"code"
    assert fetch_source(written(tmp_path)) == folder
    assert len(server.seen) == 1
    assert folder.is_relative_to(cache_dir())


def test_what_has_left_the_mirror_comes_from_the_snapshot_of_its_day(server: Server, tmp_path: Path) -> None:
    server.bodies[f"/snapshot/archive/debian/20250901T000000Z/{PATH}"] = RAW
    assert fetch_source(written(tmp_path, extra="taken = 2025-09-01")) is not None


def test_what_is_nowhere(server: Server, tmp_path: Path) -> None:
    with pytest.raises(NetworkError):
        fetch_source(written(tmp_path))


def test_a_mirror_that_delivers_something_else(server: Server, tmp_path: Path) -> None:
    server.bodies[f"/debian/{PATH}"] = RAW[:-1] + b"x"
    made = written(tmp_path)
    with pytest.raises(UntrustedInput) as caught:
        fetch_source(made)
    assert settings.MIRROR_VARIABLE in caught.value.fix
    assert caught.value.fix.endswith(f"\nor correct source.sha256 or source.size in {made.file}")
    assert not list((cache_dir() / "sources").glob("*")) if (cache_dir() / "sources").exists() else True


def test_a_size_that_is_wrong_in_the_recipe(server: Server, tmp_path: Path) -> None:
    server.bodies[f"/debian/{PATH}"] = RAW
    right = written(tmp_path)
    wrong = f"size = {len(RAW) - 1}\n"
    right.file.write_text(right.file.read_text().replace(f"size = {len(RAW)}\n", wrong))
    with pytest.raises(UntrustedInput, match="bytes") as caught:
        fetch_source(read_recipe(right.file))
    assert f"source.size in {right.file}" in caught.value.fix


def test_a_hostile_archive_leaves_nothing(server: Server, tmp_path: Path) -> None:
    raw = archive("../../outside")
    server.bodies[f"/debian/{PATH}"] = raw
    with pytest.raises(UntrustedInput, match="is not unpacked"):
        fetch_source(written(tmp_path, raw))
    assert [path.name for path in (cache_dir() / "sources").iterdir()] == ["unpack.lock"]


def test_edits_are_made_once_and_apart_from_the_unedited(server: Server, tmp_path: Path) -> None:
    server.bodies[f"/debian/{PATH}"] = RAW
    plain = fetch_source(written(tmp_path))
    edits = 'edits = [{ file = "main.c", old = "code", new = "mended code" }]'
    edited = fetch_source(written(tmp_path, extra=edits))
    assert plain is not None
    assert edited is not None
    assert ((plain / "main.c").read_text(), (edited / "main.c").read_text()) == ("code", "mended code")
    assert fetch_source(written(tmp_path, extra=edits)) == edited


@pytest.mark.parametrize(
    ("edit", "what"),
    [
        ('{ file = "main.c", old = "kode", new = "" }', "main.c in pool/.* does not say 'kode'"),
        ('{ file = "mein.c", old = "code", new = "" }', "has no file mein.c to edit"),
        ('{ file = "../main.c", old = "code", new = "" }', "has no file ../main.c to edit"),
    ],
)
def test_edits_that_do_not_fit(server: Server, tmp_path: Path, edit: str, what: str) -> None:
    server.bodies[f"/debian/{PATH}"] = RAW
    with pytest.raises(UsageError, match=what):
        fetch_source(written(tmp_path, extra=f"edits = [{edit}]"))
    assert [one for one in (cache_dir() / "sources").iterdir() if one.is_dir()] == []


def test_two_at_once_unpack_one_folder(server: Server, tmp_path: Path) -> None:
    server.bodies[f"/debian/{PATH}"] = RAW
    read = written(tmp_path)
    found: list[Path | None] = []
    threads = [threading.Thread(target=lambda: found.append(fetch_source(read))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1


def test_recipes_without_a_source_of_their_own(tmp_path: Path) -> None:
    assert fetch_source(recipe(tmp_path / "mini")) is None
