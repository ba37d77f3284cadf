"""Which ids of the host a root gets."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wrongarch.errors import UsageError
from wrongarch.namespaces import ids

WORD = st.text(
    alphabet=st.characters(exclude_characters=":\n", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=8
)


def granted(folder: Path, text: str, name: str = "ann", user: int = 1000) -> tuple[int, int] | None:
    path = folder / "subuid"
    path.write_text(text)
    return ids._subordinate(path, name, user)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ann:100000:65536\n", (100000, 65535)),
        ("1000:100000:1000\n", (100000, 1000)),
        ("bob:1:2\nann:3:4\nann:5:6\n", (3, 4)),
        ("ann:100000:0\nann:7:8\n", (7, 8)),
        ("ann:100000\nann:x:9\nann:-1:5\nann: 1:5\nann:1:5:6\nann:²:5\n# ann\nann:10:11", (10, 11)),
        ("ann:99999999999:5\n", None),
        ("anna:1:2\n1000x:3:4\n:5:6\n", None),
        ("", None),
        ("ann:1:99999999\n", (1, 65535)),
    ],
)
def test_the_first_sound_line_of_the_user_counts(tmp_path: Path, text: str, expected: tuple[int, int] | None) -> None:
    assert granted(tmp_path, text) == expected


def test_no_file_grants_nothing(tmp_path: Path) -> None:
    assert ids._subordinate(tmp_path / "none", "ann", 1000) is None


@given(data=st.binary(max_size=300))
def test_any_file_is_read(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("etc") / "subuid"
    path.write_bytes(data)
    found = ids._subordinate(path, "ann", 1000)
    assert found is None or (found[0] >= 0 and 1 <= found[1] < ids.COUNT)


@given(
    before=st.lists(st.tuples(WORD, WORD, WORD).filter(lambda row: row[0] not in ("ann", "1000"))),
    start=st.integers(min_value=0, max_value=2**32 - 1),
    count=st.integers(min_value=1, max_value=2**32 - 1),
)
def test_lines_of_others_do_not_matter(
    tmp_path_factory: pytest.TempPathFactory, before: list[tuple[str, str, str]], start: int, count: int
) -> None:
    lines = "".join(":".join(row) + "\n" for row in before)
    found = granted(tmp_path_factory.mktemp("etc"), f"{lines}ann:{start}:{count}\n")
    assert found == (start, min(count, ids.COUNT - 1))


@pytest.mark.parametrize(
    ("rows", "covered"),
    [
        ("0 0 4294967295", True),
        (f"{ids.ROOT_BASE} 5 {ids.COUNT}", True),
        (f"0 1000 1\n1 100000 {ids.ROOT_BASE + ids.COUNT}", True),
        ("0 1000 1\n1 100000 65535", False),
        (f"{ids.ROOT_BASE} 5 {ids.COUNT - 1}", False),
        (f"{ids.ROOT_BASE + 1} 5 {ids.COUNT}", False),
        ("", False),
    ],
)
def test_whether_our_block_exists_here(tmp_path: Path, rows: str, covered: bool) -> None:
    path = tmp_path / "uid_map"
    path.write_text(f"{rows}\n" if rows else "")  # empty before a map is written
    assert ids._covers(path) is covered


class TestChoosing:
    @pytest.fixture(autouse=True)
    def machine(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """One with newuidmap, where user 1000 (group 100) has ids from 100000 and 200000."""
        monkeypatch.delenv(ids.VARIABLE, raising=False)
        monkeypatch.setattr(os, "getegid", lambda: 100)
        monkeypatch.setattr(ids.shutil, "which", lambda name: f"/usr/bin/{name}")
        grants = {"/etc/subuid": (100000, 65535), "/etc/subgid": (200000, 65535)}
        monkeypatch.setattr(ids, "_subordinate", lambda path, name, user: grants[str(path)])
        monkeypatch.setattr(ids, "_can_map_range", lambda: True)

    def be(self, monkeypatch: pytest.MonkeyPatch, user: int) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: user)

    def test_root(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.be(monkeypatch, 0)
        chosen = ids.choose()
        assert chosen.kind == "range"
        assert chosen.users == chosen.groups == ((0, ids.ROOT_BASE, ids.COUNT),)
        assert chosen.owner == (ids.ROOT_BASE, ids.ROOT_BASE)
        assert chosen.many

    def test_root_of_a_container(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.be(monkeypatch, 0)
        monkeypatch.setattr(ids, "_can_map_range", lambda: False)
        chosen = ids.choose()
        assert (chosen.kind, chosen.owner, chosen.many) == ("single", (0, 100), False)

    def test_a_user(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.be(monkeypatch, 1000)
        chosen = ids.choose()
        assert chosen.kind == "subordinate"
        assert chosen.users == ((0, 1000, 1), (1, 100000, 65535))
        assert chosen.groups == ((0, 100, 1), (1, 200000, 65535))
        assert chosen.owner == (1000, 100)
        assert chosen.many

    @pytest.mark.parametrize("missing", ["newuidmap", "newgidmap"])
    def test_a_user_without_the_tools(self, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
        self.be(monkeypatch, 1000)
        monkeypatch.setattr(ids.shutil, "which", lambda name: None if name == missing else name)
        assert ids.choose().kind == "single"

    @pytest.mark.parametrize("missing", ["/etc/subuid", "/etc/subgid"])
    def test_a_user_without_an_entry(self, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
        self.be(monkeypatch, 1000)
        monkeypatch.setattr(ids, "_subordinate", lambda path, name, user: None if str(path) == missing else (5, 6))
        assert ids.choose().kind == "single"

    @pytest.mark.parametrize("user", [0, 1000])
    def test_the_variable(self, monkeypatch: pytest.MonkeyPatch, user: int) -> None:
        self.be(monkeypatch, user)
        monkeypatch.setenv(ids.VARIABLE, "single")
        chosen = ids.choose()
        assert (chosen.kind, chosen.users, chosen.groups) == ("single", ((0, user, 1),), ((0, 100, 1),))

    def test_a_variable_that_means_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(ids.VARIABLE, "many")
        with pytest.raises(UsageError, match="'many'") as caught:
            ids.choose()
        assert "WRONGARCH_IDS=single" in caught.value.fix


def test_the_name_of_a_user(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ids._user_name(0) == pwd.getpwuid(0).pw_name
    assert ids._user_name(2**31 + 77) == str(2**31 + 77)


def test_files_change_hands_by_root_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/file").touch()
    (tmp_path / "link").symlink_to("/")
    changed: list[str] = []
    monkeypatch.setattr(os, "lchown", lambda path, user, group: changed.append(f"{path} {user}:{group}"))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    ids.give(tmp_path, (5, 6))
    assert changed == []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    ids.give(tmp_path, (5, 6))
    paths = (tmp_path, tmp_path / "folder", tmp_path / "link", tmp_path / "folder/file")
    assert sorted(changed) == sorted(f"{path} 5:6" for path in paths)
