from __future__ import annotations

from pathlib import Path

import pytest

from wrongarch.errors import UsageError
from wrongarch.settings import Settings, load

DEFAULT = "http://deb.debian.org/debian"


def machine(tmp_path: Path, *, one_line: str = "", deb822: str = "", indices: dict[str, str] | None = None) -> Path:
    root = tmp_path / "machine"
    parts = root / "etc/apt/sources.list.d"
    lists = root / "var/lib/apt/lists"
    parts.mkdir(parents=True)
    lists.mkdir(parents=True)
    (root / "etc/apt/sources.list").write_text(one_line)
    (parts / "some.sources").write_text(deb822)
    for name, origin in (indices or {}).items():
        (lists / name).write_text(f"-----BEGIN PGP SIGNED MESSAGE-----\n\nOrigin: {origin}\nLabel: {origin}\n")
    return root


def settings(tmp_path: Path, root: Path, config: str = "", **env: str) -> Settings:
    file = tmp_path / "config.toml"
    file.write_text(config)
    return load(env, file, root)


def test_an_empty_machine_gets_the_defaults(tmp_path: Path) -> None:
    found = load({}, tmp_path / "none.toml", tmp_path)
    assert found.debian.mirror == DEFAULT
    assert found.debian.mirrors == (DEFAULT,)
    assert found.debian.origin == "default"
    assert found.debian.snapshot.startswith("http")
    assert found.download.attempts >= 3


def test_environment_beats_config_beats_apt(tmp_path: Path) -> None:
    root = machine(tmp_path, one_line="deb http://mirror.example/debian bookworm main\n")
    assert settings(tmp_path, root).debian.mirrors == ("http://mirror.example/debian", DEFAULT)
    config = '[debian]\nmirror = "https://in.config/debian/"\nsnapshot = "http://snap.config"\n'
    by_config = settings(tmp_path, root, config).debian
    assert (by_config.mirrors, by_config.origin) == (("https://in.config/debian",), "config")
    assert by_config.snapshot == "http://snap.config"
    by_env = settings(
        tmp_path,
        root,
        config,
        WRONGARCH_DEBIAN_MIRROR="http://env/debian/",
        WRONGARCH_DEBIAN_SNAPSHOT="http://snap.env/",
    ).debian
    assert (by_env.mirrors, by_env.origin) == (("http://env/debian",), "environment")
    assert by_env.snapshot == "http://snap.env"


@pytest.mark.parametrize(
    "line",
    [
        "deb http://security.example/debian-security bookworm-security main",
        "deb http://mirror.example/debian bookworm-updates main",
        "deb http://mirror.example/debian bookworm/updates main",
        "deb http://mirror.example/debian bookworm non-free",
        "deb-src http://mirror.example/debian bookworm main",
        "# deb http://mirror.example/debian bookworm main",
        "deb http://archive.example/ubuntu noble main",
        "deb http://mirror.example/raspbian bookworm main",
        "deb cdrom:[Debian]/ bookworm main",
        "deb mirror+file:/etc/apt/debian bookworm main",
        "deb [signed-by=/usr/share/keyrings/winehq.key] https://dl.example/wine-builds/debian bookworm main",
        "deb https://dl.example/debian/ stable main",
        "deb",
    ],
)
def test_sources_that_are_not_the_main_archive_are_passed_over(tmp_path: Path, line: str) -> None:
    assert settings(tmp_path, machine(tmp_path, one_line=line + "\n")).debian.origin == "default"


def test_one_line_options_and_trailing_comment(tmp_path: Path) -> None:
    options = "[arch=amd64 signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]"
    line = f"deb {options} http://m.example/debian/ trixie contrib main # x"
    assert settings(tmp_path, machine(tmp_path, one_line=line)).debian.mirror == "http://m.example/debian"


def test_deb822_with_comments_continuations_and_disabled_paragraphs(tmp_path: Path) -> None:
    text = """\
Types: deb
Enabled: no
URIs: http://off.example/debian
Suites: bookworm
Components: main

Types: deb deb-src
# a comment within
URIs:
 http://on.example/debian/
 http://second.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
"""
    found = settings(tmp_path, machine(tmp_path, deb822=text)).debian
    assert found.mirrors == ("http://on.example/debian", DEFAULT)


def test_what_apt_verified_beats_a_guess(tmp_path: Path) -> None:
    root = machine(
        tmp_path,
        one_line="deb http://vendor.example/debian bookworm main\n"
        "deb http://corp.example/apt_all/remote bookworm main\n",
        indices={
            "vendor.example_debian_dists_bookworm_InRelease": "Vendor",
            "corp.example_apt%5fall_remote_dists_bookworm_InRelease": "Debian",
        },
    )
    assert settings(tmp_path, root).debian.mirror == "http://corp.example/apt_all/remote"


def test_debian_org_comes_before_other_guesses(tmp_path: Path) -> None:
    text = "deb http://vendor.example/debian bookworm main\ndeb http://ftp.xy.debian.org/debian bookworm main\n"
    assert settings(tmp_path, machine(tmp_path, one_line=text)).debian.mirror == "http://ftp.xy.debian.org/debian"


def test_a_snapshot_in_apt_is_a_snapshot_not_a_mirror(tmp_path: Path) -> None:
    line = "deb http://snap.example/archive/debian/20250520T000000Z bookworm main"
    found = settings(tmp_path, machine(tmp_path, one_line=line)).debian
    assert (found.mirror, found.snapshot) == (DEFAULT, "http://snap.example")


@pytest.mark.parametrize(
    ("config", "part"),
    [
        ("[debian]\nmirrors = 1\n", "`mirrors` - at `$.debian`"),
        ("[debain]\n", "unknown field `debain`"),
        ("debian = 3\n", "$.debian"),
        ("[debian]\norigin = 'apt'\n", "$.debian.origin"),
        ("[download]\nattempts = 0\n", "$.download.attempts"),
        ("[download]\nread_seconds = 'x'\n", "$.download.read_seconds"),
        ("[debian", "not valid TOML"),
        ("[debian]\nmirror = 'ftp://host/debian'\n", "no http or https address"),
        ("[debian]\nmirror = ''\n", "no http or https address"),
    ],
)
def test_wrong_config_is_named_by_its_path(tmp_path: Path, config: str, part: str) -> None:
    with pytest.raises(UsageError) as caught:
        settings(tmp_path, tmp_path, config)
    assert part in caught.value.what
    assert caught.value.fix


def test_numbers_of_the_config_replace_defaults_one_by_one(tmp_path: Path) -> None:
    found = settings(tmp_path, tmp_path, "[download]\njobs = 3\nread_seconds = 5\n").download
    assert (found.jobs, found.read_seconds) == (3, 5.0)
    assert found.connect_seconds > 0


def test_a_config_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        load({}, tmp_path, tmp_path)
