"""The kind of a suite, by its model."""

from __future__ import annotations

from wrongarch.recipes import model
from wrongarch.recipes.suites.base import Kind, Places
from wrongarch.recipes.suites.command import Commands
from wrongarch.recipes.suites.scripts import Scripts
from wrongarch.recipes.suites.test262 import Test262
from wrongarch.recipes.suites.webkit import Webkit


def kind_of(suite: model.Suite, places: Places, program: str, arch: str) -> Kind:
    """The suite made ready for `arch` (our name). Raises UsageError if its folder is not there."""
    if isinstance(suite, model.ScriptsSuite):
        return Scripts(suite, places, program, arch)
    if isinstance(suite, model.Test262Suite):
        return Test262(suite, places, program, arch)
    if isinstance(suite, model.WebkitSuite):
        return Webkit(suite, places, program, arch)
    return Commands(suite, places, program, arch)
