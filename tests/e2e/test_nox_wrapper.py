"""`./nox` on a copy of this checkout: a real environment from the real package index, and what can go wrong."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
PARTS = ("README.md", "ci", "nox", "noxfile.py", "pyproject.toml", "hatch_build.py", "man", "src")
CLOSED = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_FIND_LINKS": ""}
CLOSED |= {"PIP_EXTRA_INDEX_URL": "", "PIP_RETRIES": "1"}


def copy_of_checkout(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        source = CHECKOUT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, folder / part)
    return folder


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy in which `./nox` was called twice at once, for the first time."""
    copy = copy_of_checkout(tmp_path_factory.mktemp("nox") / "copy")
    both = [start(copy, "-l", env={}) for _ in range(2)]
    texts = [process.communicate(timeout=300) for process in both]
    for process, (out, err) in zip(both, texts, strict=True):
        assert process.returncode == 0, err
        assert "- test-arm -> " in out
    told = "".join(err for _, err in texts)
    assert told.count("first use: installing") == 1
    assert "waiting for another ./nox" in told
    assert len(list((copy / ".nox-bootstrap").glob("env-*"))) == 1
    return copy


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    return copy_of_checkout(tmp_path / "copy")


def start(copy: Path, *words: str, env: dict[str, str], python: str = sys.executable) -> subprocess.Popen[str]:
    own = {key: value for key, value in os.environ.items() if not key.startswith(("VIRTUAL_ENV", "NOX_"))}
    return subprocess.Popen(
        [python, str(copy / "nox"), *words],
        env={**own, **env},
        cwd=copy.parent,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def call(copy: Path, *words: str, env: dict[str, str] | None = None) -> tuple[int, str, str]:
    process = start(copy, *words, env=env or {})
    out, err = process.communicate(timeout=300)
    return process.returncode, out, err


def test_alone_it_lists(ready: Path) -> None:
    code, out, err = call(ready)
    assert code == 0
    assert "- lint -> " in out
    assert err == ""  # nothing is installed anew


def test_the_man_page_is_installed(ready: Path) -> None:
    (page,) = (ready / ".nox-bootstrap").glob("env-*/share/man/man1/wrongarch.1")
    assert page.read_bytes() == (ready / "man" / "wrongarch.1").read_bytes()


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("-s", "test-nosuch"), 2, "./nox -l lists the sessions"),
        (("-s", "test-arm", "--", "--recipe", "nosuch"), 2, "there is no recipe 'nosuch'"),
        (("-s", "image-arm", "test-arm", "--", "--recipe", "nosuch"), 2, "there is no recipe 'nosuch'"),
        (("-s", "test-arm", "--", "--help"), 0, ""),
        (("--no-such-option",), 2, "no-such-option"),
    ],
)
def test_words_and_exit_codes_go_through(words: tuple[str, ...], code: int, told: str, ready: Path) -> None:
    found, out, err = call(ready, *words)
    assert found == code, err
    assert told in err
    if "--help" in words:
        assert "Usage: wrongarch test" in out


def test_paths_are_those_of_who_calls(ready: Path) -> None:
    """Also when nox itself goes to the folder of its noxfile."""
    mine = ready.parent / "mine"
    mine.mkdir()
    (mine / "recipe.toml").write_text("unheard_of = 1\n")
    code, _, err = call(ready, "-s", "test-arm", "--", "--recipe", "./mine")
    assert code == 2
    assert "unheard_of" in err


def test_a_session_keeps_the_code_of_an_unreachable_network(ready: Path, tmp_path: Path) -> None:
    closed = {"WRONGARCH_CACHE": str(tmp_path / "cache"), "WRONGARCH_DEBIAN_MIRROR": "http://127.0.0.1:9/debian"}
    closed["WRONGARCH_DEBIAN_SNAPSHOT"] = "http://127.0.0.1:9/snapshot"
    code, _, err = call(ready, "-s", "image-arm", "--", "--recipe", "hello", env=closed)
    assert code == 4, err
    assert "error:" in err and "fix:" in err


def test_offline(fresh: Path) -> None:
    code, _, err = call(fresh, "-l", env=CLOSED)
    assert code == 4, err
    assert "connect to the network" in err
    assert sorted(path.name for path in (fresh / ".nox-bootstrap").iterdir()) == ["lock"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_interrupted_half_way(number: signal.Signals, fresh: Path) -> None:
    home = fresh / ".nox-bootstrap"
    process = start(fresh, "-l", env={})
    deadline = time.monotonic() + 60
    while not list(home.glob("env-*/bin/python")) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.3)  # now pip is at work
    if number == signal.SIGINT:
        os.killpg(process.pid, number)  # as a terminal does
    else:
        process.send_signal(number)
    process.communicate(timeout=60)
    if number == signal.SIGKILL:
        with_pip = start(fresh, "--version", env={})  # finds the half-made one, and makes its own
        _, err = with_pip.communicate(timeout=300)
        assert with_pip.returncode == 0, err
        assert len(list(home.glob("env-*"))) == 1
    else:
        assert process.returncode == 130
        assert sorted(path.name for path in home.iterdir()) == ["lock"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")
def test_an_ordinary_user_in_a_checkout_of_root(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    for parent in [fresh, *fresh.parents]:
        if parent.stat().st_uid == 0 and parent != Path("/tmp") and parent.is_relative_to("/tmp"):
            parent.chmod(0o755)
    home = tmp_path_factory.mktemp("home")
    home.chmod(0o755)
    os.chown(home, 65534, 65534)
    python = shutil.which("python3", path="/usr/bin:/usr/local/bin")
    check = [python or "", "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    if python is None or subprocess.run(check, check=False).returncode:
        pytest.skip("no Python 3.11 that an ordinary user may run")
    words = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", python, str(fresh / "nox"), "-s", "test-x"]
    done = subprocess.run(
        words,
        env={**os.environ, "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "VIRTUAL_ENV": ""},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert "Sessions not found: test-x" in done.stdout + done.stderr
    assert not (fresh / ".nox-bootstrap").exists()
    assert list((home / "cache" / "wrongarch" / "nox-bootstrap").glob("*/py3.*"))
