"""A mirror of Debian's archive on loopback, with what a test puts in it, and settings that point there."""

from __future__ import annotations

import hashlib
import lzma
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.web import Server, serving
from wrongarch import settings
from wrongarch.debian.pool import PoolFile


class Mirror:
    """`server` serves the archive below /debian, snapshots below /snap."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def put(self, path: str, content: bytes) -> None:
        self.server.bodies[f"/debian/{path}"] = content

    def add_pool(self, path: Path, name: str, version: str = "1") -> PoolFile:
        """Put a file into the pool."""
        content = path.read_bytes()
        file = PoolFile(
            name=name,
            version=version,
            path=f"pool/main/{name}_{version.rpartition(':')[2]}.deb",
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        self.put(file.path, content)
        return file

    def add_suite(
        self,
        suite: str,
        files: list[PoolFile],
        *,
        arch: str = "amd64",
        codename: str = "",
        alias: str = "",
        by_hash: bool = True,
        at: str = "",
    ) -> bytes:
        """Put an index of these files at `dists/AT` (default: `suite`); what Packages.xz has."""
        packages = lzma.compress("\n".join(map(_paragraph, files)).encode())
        digest = hashlib.sha256(packages).hexdigest()
        name = f"main/binary-{arch}/Packages.xz"
        fields = {
            "Origin": "Debian",
            "Suite": alias or suite,
            "Codename": codename or suite,
            "Date": "Sat, 12 Sep 2026 07:55:41 UTC",
            "Acquire-By-Hash": "yes" if by_hash else "no",
            "SHA256": f"\n {digest} {len(packages)} {name}",
        }
        text = "".join(f"{key}: {value}\n" for key, value in fields.items())
        self.put(f"dists/{at or suite}/InRelease", _signed(text))
        self.put(f"dists/{at or suite}/{name}", packages)
        if by_hash:
            self.put(f"dists/{at or suite}/main/binary-{arch}/by-hash/SHA256/{digest}", packages)
        return packages

    @property
    def seen(self) -> list[str]:
        return [path for path, _ in self.server.seen]


def _paragraph(file: PoolFile) -> str:
    return (
        f"Package: {file.name}\nVersion: {file.version}\nFilename: {file.path}\n"
        f"Size: {file.size}\nSHA256: {file.sha256}\n"
    )


def _signed(text: str) -> bytes:
    return (
        f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{text}"
        "-----BEGIN PGP SIGNATURE-----\n\nabcd\n-----END PGP SIGNATURE-----\n"
    ).encode()


@contextmanager
def mirroring(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[Mirror]:
    """A mirror that this process, and processes started by it, use; with an empty cache and configuration."""
    with serving() as server:
        monkeypatch.setenv("WRONGARCH_CACHE", str(folder / "cache"))
        monkeypatch.setenv("WRONGARCH_CONFIG", str(folder / "config"))
        monkeypatch.setenv(settings.MIRROR_VARIABLE, f"{server.base}/debian")
        monkeypatch.setenv(settings.SNAPSHOT_VARIABLE, f"{server.base}/snap")
        (folder / "config").mkdir()
        (folder / "config/config.toml").write_text(
            "[download]\nattempts = 2\nread_seconds = 2.0\nbackoff_seconds = 0.01\nlongest_wait_seconds = 0.1\n"
        )
        settings.current.cache_clear()
        try:
            yield Mirror(server)
        finally:
            settings.current.cache_clear()
