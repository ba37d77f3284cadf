"""Small recipes, arches and intents that tests of several rooms need."""

from __future__ import annotations

from pathlib import Path

from wrongarch.arches import lookup
from wrongarch.emulators.model import Emulator
from wrongarch.recipes.reading import Recipe, read_recipe
from wrongarch.runs.model import EmulatorFacts, Intent, Options, Summary

AMD64, ARM, ALPHA, HEXAGON = (lookup.find(name) for name in ("amd64", "arm", "alpha", "hexagon"))

QEMU = Emulator(
    version="10.0",
    release="1:10.0.2+ds-2+deb13u1~bpo12+1",
    target="arm",
    sha256="ab" * 32,
    path=Path("/store/qemu-arm"),
)

MINIMAL = """
name = "mini"
program = "/bin/sh"
[image]
packages = ["dash"]
[[suites]]
kind = "scripts"
name = "tests"
folder = "."
pattern = ["*.sh"]
command = ["{program}", "{options}", "{test}"]
"""


def write_recipe(folder: Path, text: str = MINIMAL) -> Path:
    """Write a recipe file into a new or existing folder."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "recipe.toml"
    file.write_text(text)
    return file


def recipe(folder: Path, text: str = MINIMAL) -> Recipe:
    """Write and read a recipe."""
    return read_recipe(write_recipe(folder, text))


def intent(**changes: object) -> Intent:
    """An intent of a run of jsc on arm."""
    values: dict[str, object] = {
        "run": "20261101-101112-jsc-arm-abcd",
        "wrongarch": "0.1.0",
        "started": "2026-11-01T10:11:12+00:00",
        "recipe": "jsc",
        "recipe_file": "/project/ci/recipes/jsc/recipe.toml",
        "recipe_digest": "cd" * 32,
        "arch": "arm",
        "root": "/cache/images/jsc-arm",
        "engine": "sandbox",
        "jobs": 2,
        "planned": 4,
        "options": Options(),
        "emulator": EmulatorFacts(version="10.0", release="1:10.0.2+ds-2", target="arm", sha256="ab" * 32),
        **changes,
    }
    return Intent(**values)  # type: ignore[arg-type]  # the fields of Intent, as the defaults above show


def summary(**changes: object) -> Summary:
    """A summary of a green run with four tests."""
    values: dict[str, object] = {
        "intent": intent(),
        "state": "finished",
        "counts": {"passed": 4},
        "executed": 4,
        "elapsed": 12.5,
        "process_seconds": 20.0,
        **changes,
    }
    return Summary(**values)  # type: ignore[arg-type]  # the fields of Summary
