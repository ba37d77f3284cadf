from __future__ import annotations

from pathlib import Path

import pytest

from wrongarch.downloads.origins import Credential, origin_of
from wrongarch.forges import tokens

HUB, OWN_HUB = "https://github.com", "https://ghe.example"
LAB, OWN_LAB = "https://gitlab.com", "https://lab.example"
FILES = {
    ".config/gh/hosts.yml": "github.com:\n  oauth_token: from-gh\n  user: me\nghe.example:\n  oauth_token: from-ghe\n",
    ".config/glab-cli/config.yml": (
        "hosts:\n  gitlab.com:\n    token: from-glab\n  lab.example:\n    token: from-oauth\n    is_oauth2: 'true'\n"
    ),
    ".netrc": (
        "machine api.github.com login me password from-netrc\nmachine lab.example login me password lab-netrc\n"
        "default login me password never\n"
    ),
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "somebody"


def write(home: Path, *names: str) -> None:
    for name in names:
        file = home / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(FILES[name])


def find(home: Path, forge: str, base: str, **env: str) -> tuple[str, str, str] | None:
    found = tokens.find(forge, base, {"HOME": str(home), "PATH": "", **env})
    return (found.header, found.value, found.source) if found else None


def test_the_environment_comes_first(home: Path) -> None:
    write(home, *FILES)
    env = {"GH_TOKEN": "one", "GITHUB_TOKEN": "two", "GITLAB_TOKEN": "three"}
    assert find(home, "github", HUB, **env) == ("Authorization", "Bearer one", "GH_TOKEN")
    assert find(home, "github", HUB, GITHUB_TOKEN="two") == ("Authorization", "Bearer two", "GITHUB_TOKEN")
    assert find(home, "gitlab", LAB, **env) == ("PRIVATE-TOKEN", "three", "GITLAB_TOKEN")


def test_then_the_configuration_of_gh_and_glab_then_netrc(home: Path) -> None:
    assert find(home, "github", HUB) is None
    write(home, ".netrc")
    assert find(home, "github", HUB) == ("Authorization", "Bearer from-netrc", "netrc")
    assert find(home, "gitlab", OWN_LAB) == ("PRIVATE-TOKEN", "lab-netrc", "netrc")
    assert find(home, "gitlab", LAB) is None  # `default` is for any host, so for none of ours
    write(home, *FILES)
    assert find(home, "github", HUB) == ("Authorization", "Bearer from-gh", str(home / ".config/gh/hosts.yml"))
    assert find(home, "github", OWN_HUB) == ("Authorization", "Bearer from-ghe", str(home / ".config/gh/hosts.yml"))
    place = str(home / ".config/glab-cli/config.yml")
    assert find(home, "gitlab", LAB) == ("PRIVATE-TOKEN", "from-glab", place)
    assert find(home, "gitlab", OWN_LAB) == ("Authorization", "Bearer from-oauth", place)


@pytest.mark.parametrize("base", ["https://evil.example", "https://github.com.evil.example", "http://127.0.0.1:80"])
def test_no_other_host_gets_a_token(home: Path, base: str) -> None:
    write(home, ".config/gh/hosts.yml", ".config/glab-cli/config.yml")
    env = {"GH_TOKEN": "a", "GITHUB_TOKEN": "b", "GITLAB_TOKEN": "c", "CI_JOB_TOKEN": "d", "GH_ENTERPRISE_TOKEN": "e"}
    assert find(home, "github", base, **env) is None
    assert find(home, "gitlab", base, **env) is None
    assert find(home, "gitlab", base, **env, CI_SERVER_URL=LAB, GITLAB_HOST=OWN_LAB) is None


def test_a_server_that_is_named_gets_its_token(home: Path) -> None:
    assert find(home, "github", OWN_HUB, GH_TOKEN="a", GH_HOST="ghe.example") is not None
    assert find(home, "github", OWN_HUB, GH_ENTERPRISE_TOKEN="e", GH_HOST="ghe.example") is not None
    assert find(home, "github", OWN_HUB, GITHUB_TOKEN="a", GITHUB_SERVER_URL=OWN_HUB) is not None
    assert find(home, "gitlab", OWN_LAB, GITLAB_TOKEN="a", GITLAB_HOST="lab.example") is not None
    assert find(home, "gitlab", LAB, GITLAB_TOKEN="a", GITLAB_HOST="lab.example") is None
    found = find(home, "gitlab", OWN_LAB, CI_JOB_TOKEN="j", CI_SERVER_URL=OWN_LAB)
    assert found == ("JOB-TOKEN", "j", "CI_JOB_TOKEN")


def test_where_the_api_is() -> None:
    assert tokens.api_of("github", HUB, {}) == "https://api.github.com"
    assert tokens.api_of("github", OWN_HUB, {}) == "https://ghe.example/api/v3"
    assert tokens.api_of("gitlab", OWN_LAB, {}) == "https://lab.example/api/v4"
    named = {"GITHUB_SERVER_URL": OWN_HUB, "GITHUB_API_URL": "https://api.ghe.example/"}
    assert tokens.api_of("github", OWN_HUB, named) == "https://api.ghe.example"
    assert tokens.api_of("github", HUB, named) == "https://api.github.com"
    named = {"CI_SERVER_URL": OWN_LAB, "CI_API_V4_URL": "https://lab.example/deep/api/v4"}
    assert tokens.api_of("gitlab", OWN_LAB, named) == "https://lab.example/deep/api/v4"


@pytest.mark.parametrize("token", ["a b", "a\nX-Evil: 1", "ä", ""])
def test_what_cannot_be_a_header_is_none(home: Path, token: str) -> None:
    assert find(home, "github", HUB, GH_TOKEN=token) is None


@pytest.mark.parametrize("text", ["[1, 2", "just text", "\x00", "hosts: 3"])
def test_configuration_that_is_broken_is_as_if_it_were_not_there(home: Path, text: str) -> None:
    for name in FILES:
        file = home / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    assert find(home, "github", HUB) is None
    assert find(home, "gitlab", LAB) is None


def test_a_credential_does_not_show_itself() -> None:
    one = Credential(origin="https://x:443", header="Authorization", value="Bearer hunter2", source="GH_TOKEN")
    assert "hunter2" not in f"{one} {one!r} {[one]}"


def test_origins() -> None:
    assert origin_of("https://Example.org/x") == origin_of("https://example.org:443/y") == "https://example.org:443"
    assert origin_of("http://example.org") != origin_of("https://example.org")


@pytest.mark.parametrize(
    ("forge", "base"), [("github", HUB), ("github", OWN_HUB), ("gitlab", LAB), ("gitlab", OWN_LAB)]
)
def test_advice_names_the_host(forge: str, base: str) -> None:
    assert base.removeprefix("https://") in tokens.advice(forge, base) or base in (HUB, LAB)
