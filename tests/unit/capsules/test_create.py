from __future__ import annotations

from pathlib import Path

from wrongarch.capsules.create import _told
from wrongarch.recipes.model import WebkitSuite
from wrongarch.recipes.suites.base import Case, Places
from wrongarch.recipes.suites.kinds import kind_of


def test_tests_of_a_harness_are_known_by_their_ids_alone(tmp_path: Path) -> None:
    suite = WebkitSuite(name="theirs", product="/p")
    kinds = {"theirs": kind_of(suite, Places(recipe=tmp_path, generated=tmp_path), "/p/jsc", "arm")}
    ids = [
        "theirs/stress/a b.js.default [default]",
        "theirs/harness [default]",
        "ours/x.js [default]",
        "theirs",
        "a [b]",
    ]
    assert list(_told(ids, kinds)) == [Case("theirs", "stress/a b.js.default", "default")]
