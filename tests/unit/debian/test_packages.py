from __future__ import annotations

import lzma
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wrongarch.debian.packages import parse_packages, read_packages, read_release
from wrongarch.errors import UntrustedInput

SHA = "ab" * 32
TEXT = f"""\
Origin: Debian
Suite: stable
Codename: trixie
Date: Sat, 12 Sep 2026 07:55:41 UTC
Acquire-By-Hash: yes
MD5Sum:
 {"0" * 32} 5 main/binary-arm/Packages.xz
SHA256:
 {SHA} 77 main/binary-arm/Packages.xz
 {SHA}        9 main/binary-all/Release
"""


def signed(text: str) -> bytes:
    return (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n"
        f"{text}-----BEGIN PGP SIGNATURE-----\n\niQIzBA\n=abcd\n-----END PGP SIGNATURE-----\n"
    ).encode()


def test_a_release() -> None:
    for raw in (signed(TEXT), signed(TEXT).replace(b"\n", b"\r\n")):
        release = read_release(raw, "InRelease")
        assert (release.suite, release.codename, release.origin) == ("stable", "trixie", "Debian")
        assert (release.date, release.by_hash) == (1789199741, True)
        assert release.files == {"main/binary-arm/Packages.xz": (77, SHA), "main/binary-all/Release": (9, SHA)}


def test_dash_escapes_are_undone() -> None:
    assert read_release(signed("- " + TEXT), "InRelease").origin == "Debian"


@pytest.mark.parametrize(
    ("raw", "part"),
    [
        (TEXT.encode(), "no signed index"),
        (b"", "no signed index"),
        (b"Suite: evil\n" + signed(TEXT), "no signed index"),
        (signed(TEXT) + b"Suite: evil\n", "no signed index"),
        (signed(TEXT) + signed(TEXT), "no signed index"),
        (b"<html>log in</html>", "no signed index"),
        (signed(TEXT.replace("Date:", "Dote:")), "'Date'"),
        (signed(TEXT.replace("Sat, 12 Sep", "some day")), "malformed"),
        (signed(TEXT.replace("SHA256:", "SHA512:")), "'SHA256'"),
        (signed(TEXT.replace(" 77 ", " many ")), "malformed"),
        (signed(TEXT.replace(" 77 ", " ")), "malformed"),
    ],
)
def test_what_is_no_release(raw: bytes, part: str) -> None:
    with pytest.raises(UntrustedInput, match=part):
        read_release(raw, "dists/x/InRelease")


def paragraph(name: str, version: str, size: int) -> str:
    return (
        f"Package: {name}\nSource: Package: other\nVersion: {version}\nDescription: a\n Version: 9\n"
        f"Filename: pool/main/x/{name}.deb\nSize: {size}\nSHA256: {SHA}\n"
    )


@given(st.lists(st.tuples(st.from_regex(r"[a-z][a-z0-9+.-]+", fullmatch=True), st.integers(0, 1 << 40)), max_size=8))
def test_packages_come_out_in_order(entries: list[tuple[str, int]]) -> None:
    text = "\n".join(paragraph(name, f"1:{size}-1", size) for name, size in entries)
    for plain in (text, text.rstrip("\n"), text + "\n\n"):
        found = list(parse_packages(plain.encode()))
        assert [(file.name, file.version, file.size) for file in found] == [(n, f"1:{s}-1", s) for n, s in entries]
        assert all(file.path == f"pool/main/x/{file.name}.deb" and file.sha256 == SHA for file in found)


@pytest.mark.parametrize("field", ["Package", "Version", "Filename", "Size", "SHA256"])
def test_a_field_of_the_next_paragraph_does_not_count(tmp_path: Path, field: str) -> None:
    first = "".join(line + "\n" for line in paragraph("a", "1", 1).splitlines() if not line.startswith(f"{field}:"))
    path = tmp_path / "Packages.xz"
    path.write_bytes(lzma.compress(f"{first}\n{paragraph('b', '1', 1)}".encode()))
    with pytest.raises(UntrustedInput, match=f"lacks {field}"):
        list(read_packages(path))


@pytest.mark.parametrize("raw", [b"no xz", lzma.compress(b"Package: x\n" * 1000)[:-20], b""])
def test_a_damaged_index(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "Packages.xz"
    path.write_bytes(raw)
    with pytest.raises(UntrustedInput, match="malformed"):
        list(read_packages(path))


def test_a_size_that_is_no_number(tmp_path: Path) -> None:
    path = tmp_path / "Packages.xz"
    path.write_bytes(lzma.compress(paragraph("a", "1", 1).replace("Size: 1", "Size: big").encode()))
    with pytest.raises(UntrustedInput, match="malformed"):
        list(read_packages(path))
