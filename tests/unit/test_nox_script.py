"""`./nox` starts before anything of the project is installed; its parts that need neither network nor processes."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "nox"


@pytest.fixture
def nox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    loader = SourceFileLoader("nox_script", str(SCRIPT))
    spec = spec_from_loader("nox_script", loader)
    assert spec is not None
    module = module_from_spec(spec)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader.exec_module(module)
    for name in [name for name in os.environ if name.startswith(("PIP_", "XDG_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "nowhere"))
    return module


@pytest.fixture
def wheel(nox: ModuleType, monkeypatch: pytest.MonkeyPatch) -> bytes:
    data = b"a wheel"
    monkeypatch.setattr(nox, "PIP_SHA256", hashlib.sha256(data).hexdigest())
    return data


def index(folder: Path, nox: ModuleType, data: bytes, text: str) -> str:
    (folder / "pip").mkdir(parents=True)
    (folder / "pip" / "index.html").write_text(text.replace("NAME", nox.PIP_WHEEL))
    (folder / "pip" / nox.PIP_WHEEL).write_bytes(data)
    return folder.as_uri()


def test_old_pythons_can_read_it() -> None:
    ast.parse(SCRIPT.read_text(), feature_version=(3, 4))


def test_an_old_python_gets_a_sentence(nox: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(nox, "OLDEST", (3, 99))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(nox.Stop) as caught:
        nox.main([])
    assert caught.value.code == 2
    assert "3.99 or newer" in caught.value.what


@pytest.mark.parametrize(
    "text",
    [
        '<a href="NAME#sha256=0">pip</a>',
        "<html><a data-x=\"1\" HREF='NAME'>pip</a>",
        '{"files": [{"url": "other.whl"}, {"url": "NAME"}]}',
    ],
)
def test_pip_is_fetched_from_an_index(
    text: str, nox: ModuleType, wheel: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", index(tmp_path / "simple", nox, wheel, text))
    assert Path(nox.fetch_pip(str(tmp_path))).read_bytes() == wheel


def test_pip_is_fetched_from_the_second_place(
    nox: ModuleType, wheel: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = index(tmp_path / "empty", nox, wheel, "<html></html>")
    full = index(tmp_path / "full", nox, wheel, '<a href="NAME">')
    monkeypatch.setenv("PIP_INDEX_URL", "file:///no/such/folder")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", f"{empty} ftp://host/simple {full}")
    assert Path(nox.fetch_pip(str(tmp_path))).read_bytes() == wheel


def test_pip_is_fetched_from_a_folder(
    nox: ModuleType, wheel: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / nox.PIP_WHEEL).write_bytes(wheel)
    monkeypatch.setenv("PIP_FIND_LINKS", f"{tmp_path / 'none'} {tmp_path / 'wheels'}")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    assert Path(nox.fetch_pip(str(tmp_path))).read_bytes() == wheel


def test_a_wheel_of_another_hash_is_refused(
    nox: ModuleType, wheel: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", index(tmp_path / "simple", nox, wheel + b"!", '<a href="NAME">'))
    with pytest.raises(nox.Stop) as caught:
        nox.fetch_pip(str(tmp_path))
    assert caught.value.code == 5
    assert not list(tmp_path.glob("*.whl"))


def test_no_place_has_pip(
    nox: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "file:///no/such/folder")
    with pytest.raises(nox.Stop) as caught:
        nox.fetch_pip(str(tmp_path))
    assert caught.value.code == 4
    assert "file:///no/such/folder" in capsys.readouterr().err


def test_settings_of_pip(nox: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    user = Path.home() / ".config" / "pip"
    user.mkdir(parents=True)
    (user / "pip.conf").write_text("[global]\nindex-url = user\ncert = c\n[install]\nindex_url = install\n")
    (tmp_path / "named.conf").write_text("[global]\nindex-url = named\nproxy = p\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "named.conf"))
    found = nox.pip_settings()
    assert (found["index-url"], found["cert"], found["proxy"]) == ("install", "c", "p")
    monkeypatch.setenv("PIP_INDEX_URL", "env")
    assert nox.pip_settings()["index-url"] == "env"
    (user / "pip.conf").write_text("no section here")
    assert nox.pip_settings()["proxy"] == "p"
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    assert "proxy" not in nox.pip_settings()


def test_passwords_of_an_index(nox: ModuleType) -> None:
    page = "https://me:secret@host/simple/pip/"
    assert nox.find_link(f'<a href="../../files/{nox.PIP_WHEEL}">', page).startswith("https://me:secret@host/files/")
    elsewhere = f"https://files.example/{nox.PIP_WHEEL}"
    assert nox.find_link(json.dumps({"files": [{"url": elsewhere}]}), page) == elsewhere
    assert nox.without_password(page) == "https://host/simple/pip/"


def test_the_environment_has_a_name_for_what_is_in_it(nox: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    before = nox.environment_name()
    assert before == nox.environment_name()
    assert before.startswith(f"py{sys.version_info[0]}.{sys.version_info[1]}-")
    monkeypatch.setattr(nox, "nox_requirements", lambda: ["nox==1"])
    assert nox.environment_name() != before


def test_leftovers_go_and_the_newest_stay(nox: ModuleType, tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / f"env-{number}").mkdir()
        link = tmp_path / f"py3.11-{number}"
        link.symlink_to(f"env-{number}")
        os.utime(link, (number, number), follow_symlinks=False)
    (tmp_path / "env-half").mkdir()
    (tmp_path / "env-half.link").symlink_to("env-half")
    nox.remove_unused(str(tmp_path))
    kept = range(2, 6)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *(f"env-{number}" for number in kept),
        *(f"py3.11-{number}" for number in kept),
    ]


@pytest.mark.parametrize(
    ("output", "code"),
    [
        (["WARNING: Retrying ... Temporary failure in name resolution", "ERROR: No matching distribution"], 4),
        (["ERROR: [Errno 28] No space left on device"], 3),
        (["ERROR: something else"], 3),
    ],
)
def test_why_pip_failed(output: list[str], code: int, nox: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert nox.pip_failed(output, ["pip", "install", "a b"]).code == code
    assert capsys.readouterr().err.splitlines() == output[-1:]


def test_no_place_to_write(nox: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(nox, "ROOT", str(tmp_path / "file"))
    monkeypatch.setattr(nox, "environment_name", lambda: "py3-x")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file" / "cache"))
    with pytest.raises(nox.Stop) as caught:
        nox.ready_environment()
    assert caught.value.code == 3
    assert "XDG_CACHE_HOME" in caught.value.fix
