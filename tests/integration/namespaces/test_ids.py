"""Id maps as the kernel and newuidmap take them, and machines that do not allow what we need."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.rooms import room, unshared
from tests.support.users import STRANGER, User, user
from wrongarch.errors import MachineError
from wrongarch.namespaces import ids as id_maps
from wrongarch.namespaces.plan import Plan

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")

CHOOSE = """
import os, sys
from wrongarch.namespaces import ids
if len(sys.argv) > 1:
    os.environ["PATH"] = sys.argv[1]
chosen = ids.choose()
print(chosen.kind, *chosen.owner)
"""

OPEN = """
import sys
from pathlib import Path
from wrongarch.errors import WrongarchError
from wrongarch.namespaces.plan import Plan
from wrongarch.namespaces.session import open_root
try:
    with open_root(Plan(root=Path(sys.argv[1]))):
        print("opened")
except WrongarchError as error:
    print(error.exit_code, error.what, error.fix, sep="\\n")
"""


@as_root
def test_a_user_with_neither_name_nor_subordinate_ids(cache: Path) -> None:
    with user(STRANGER, STRANGER, cache=cache) as stranger:
        assert stranger.python("-c", CHOOSE).split() == ["single", str(STRANGER), str(STRANGER)]


def test_a_user_with_subordinate_ids_needs_newuidmap_for_them(users: Callable[[str], User]) -> None:
    somebody = users("subordinate")
    assert somebody.python("-c", CHOOSE).split()[0] == "subordinate"
    assert somebody.python("-c", CHOOSE, "/nowhere").split()[0] == "single"


def test_the_variable_asks_for_one_id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(id_maps.VARIABLE, "single")
    assert id_maps.choose().users == ((0, os.geteuid(), 1),)


@as_root
def test_newuidmap_refuses_ids_that_are_not_the_users(users: Callable[[str], User]) -> None:
    script = """
from pathlib import Path
from wrongarch.errors import MachineError
from wrongarch.namespaces import ids
from wrongarch.namespaces.plan import Plan
from wrongarch.namespaces.session import open_root
import msgspec, sys
right = ids.choose()
stolen = msgspec.structs.replace(right, users=(right.users[0], (1, 5, 100)))
try:
    with open_root(Plan(root=Path("/usr")), stolen):
        print("opened")
except MachineError as error:
    print(error.what, error.detail, error.fix)
"""
    told = users("subordinate").python("-c", script)
    assert "newuidmap failed" in told
    assert "WRONGARCH_IDS=single" in told


@as_root
def test_the_kernel_refuses_a_map_that_is_not_ours(native: Path) -> None:
    twice = id_maps.IdMap(kind="range", users=((0, 5, 1), (0, 6, 1)), groups=((0, 5, 1),))
    with pytest.raises(MachineError, match="refused to map user ids"), room(Plan(root=native), twice):
        pass


def test_where_user_namespaces_are_used_up(native: Path) -> None:
    """A user namespace can forbid further ones to those inside of it."""
    run = unshared("-Ur", script='echo 0 >/proc/sys/user/max_user_namespaces; exec "$@"')
    code, what, fix = run("-c", OPEN, str(native)).splitlines()
    assert code == "3"
    assert "user namespace" in what
    assert "max_user_namespaces=10000" in fix


def test_inside_of_a_container_with_one_id(native: Path, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    for name in ("usr", "proc", "dev", "sys"):
        (tree / name).mkdir(parents=True)
    run = unshared("-Urmpf", "--mount-proc")
    assert run("-c", CHOOSE).split()[0] == "single"
    assert run("-c", OPEN, str(tree)) == "opened\n"


def test_inside_of_a_container_that_hides_parts_of_proc(tmp_path: Path) -> None:
    """As docker does: a /proc with something mounted over a part of it forbids another /proc."""
    tree = tmp_path / "tree"
    tree.mkdir()
    hide = 'mount -t tmpfs none /proc/driver && exec unshare -Um --map-root-user "$@"'
    told = unshared("-Urmpf", "--mount-proc", script=hide)("-c", OPEN, str(tree))
    assert told.splitlines()[0] == "3"
    assert "systempaths=unconfined" in told


def test_an_agent_that_cannot_start(native: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("true"))
    with pytest.raises(MachineError, match="did not start") as caught, room(Plan(root=native)):
        pass
    assert "import ctypes" in caught.value.fix


def test_no_agent_is_left_when_a_root_cannot_be_opened(tmp_path: Path) -> None:
    before = json.dumps(sorted(_children()))
    for _ in range(3):
        with pytest.raises(MachineError), room(Plan(root=tmp_path / "none")):
            pass
    assert json.dumps(sorted(_children())) == before


def _children() -> list[str]:
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
