"""The check of the built site finds what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.site.check import faults, main

GOOD = '<html><link rel="stylesheet" href="a.css"><a href="other.html#there">x</a><a href="https://example.org">y</a></html>'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_text(GOOD)
    (tmp_path / "other.html").write_text(
        '<html><h2 id="there">t</h2><a href="#there">z</a><a href="./">home</a></html>'
    )
    (tmp_path / "a.css").write_text("body { color: red }")
    return tmp_path


def test_a_good_site(site: Path) -> None:
    assert list(faults(site)) == []
    assert main([str(site)]) == 0


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('<a href="nowhere.html">x</a>', "links to nowhere.html, which is not there"),
        ('<a href="other.html#nowhere">x</a>', "there is no such anchor"),
        ('<a href="#nowhere">x</a>', "there is no such anchor"),
        ('<script src="https://cdn.example/x.js"></script>', "loads https://cdn.example/x.js"),
        ('<script src="//cdn.example/x.js"></script>', "loads //cdn.example/x.js"),
        ('<link rel="preconnect" href="https://fonts.example">', "loads https://fonts.example"),
        ('<img src="gone.png">', "loads gone.png, which is not there"),
    ],
)
def test_faults(site: Path, body: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    (site / "bad.html").write_text(f"<html>{body}</html>")
    (fault,) = faults(site)
    assert fault.startswith("bad.html ")
    assert told in fault
    assert main([str(site)]) == 1
    assert told in capsys.readouterr().err


def test_a_font_from_outside(site: Path) -> None:
    (site / "a.css").write_text("@font-face { src: url(https://fonts.example/a.woff2) }")
    (fault,) = faults(site)
    assert "a.css loads from outside" in fault
