"""The first matrix and recipe of a repository."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from wrongarch import paths
from wrongarch.arches import lookup
from wrongarch.errors import MachineError, UsageError
from wrongarch.pipelines import files, model, places
from wrongarch.pipelines.reading import FILE
from wrongarch.recipes.reading import find_recipe

_IGNORED = (places.HOME, ".gitlab-ci-local")  # what runs leave, of ours and of a pipeline on this machine

_MATRIX = """#:schema ./matrix.schema.json
# What is tested on which architecture. The pipelines of GitHub and GitLab are generated from this file:
#
#     wrongarch ci generate
#
# `wrongarch ci matrix` lists the jobs that it comes to.

arches = [{arches}]

[defaults]
recipe = "{recipe}"

# [suites.{recipe}]                    # suites that get jobs of their own, and how many
# unit = {{ shards = 4, timeout = 45 }}

# [axes]                               # a job for each combination; "" is the default
# emulators = ["", "11.1"]

# [arch.{first}]
# cpus = ["", "max"]

# [[allowed_failures]]
# arch = "{first}"
# reason = "why, for whoever reads the report"

[triggers]
push = ["{branch}"]
pull_request = true
# schedule = "17 3 * * 1"              # five cron fields, UTC; GitLab keeps its schedules elsewhere

[gitlab]
# the sandbox needs user namespaces: a privileged runner, or a shell executor
tags = []
"""

_RECIPE = """# How to build this project and what to run of it, on every architecture.
# Steps run in the image; what is a program of the arch there is emulated.
name = "{recipe}"
program = "/wrongarch/build/program"

[image]
like = "quickjs"    # gcc, libc6-dev, make; or packages = [...] of your own, locked by: wrongarch image lock ARCH

[source]
kind = "folder"
path = "../../.."

[build]
steps = ["make -C /wrongarch/source PROGRAM=$PWD/program"]
products = ["program"]

[[suites]]
kind = "command"
name = "smoke"

[[suites.tests]]
name = "starts"
command = ["{{program}}", "--version"]
"""


def start(project: Path, arches: tuple[str, ...], recipe: str) -> Iterator[str]:
    """Write what is missing of matrix, schema, recipe and .gitignore; the names of what was written.

    Raises UsageError where there is a matrix already, or for a name that is none.
    """
    if (project / FILE).exists():
        raise UsageError(f"there is a {FILE} already", fix="edit it, then: wrongarch ci generate")
    names = tuple(dict.fromkeys(lookup.find(name).name for name in arches))
    for name in names:
        if not lookup.find(name).has_images:
            raise UsageError(f"Debian has no {name}: no image of it can be built", fix="wrongarch arches")
    word = recipe or _name_of(project)
    if recipe:
        find_recipe(recipe, project)
    texts = {
        str(FILE): _MATRIX.format(
            arches=", ".join(f'"{name}"' for name in names), recipe=word, first=names[0], branch=_branch(project)
        ),
        places.SCHEMA_FILE: files.schema_text(),
    }
    own = f"ci/recipes/{word}/recipe.toml"
    if not recipe and not (project / own).exists():
        texts[own] = _RECIPE.format(recipe=word)
    ignored = _ignored(project)
    if ignored:
        texts[".gitignore"] = ignored
    for name, text in texts.items():
        file = project / name
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            paths.write_atomically(file, text)
        except OSError as error:
            raise MachineError(f"cannot write {file}: {error.strerror}", fix="start where you may write") from error
        yield name


def _name_of(project: Path) -> str:
    """The folder's name as a recipe can have it."""
    word = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in project.name.lower())
    return word.strip("-") or "project"


def _branch(project: Path) -> str:
    """The branch that is checked out (gitrepository-layout(5)), if it is one that a matrix can name."""
    try:
        head = (project / ".git" / "HEAD").read_text(encoding="utf-8").strip()
        return msgspec.convert(head.removeprefix("ref: refs/heads/"), model.Branch)
    except (OSError, UnicodeDecodeError, msgspec.ValidationError):
        return "main"


def _ignored(project: Path) -> str:
    """The new .gitignore, "" if it is good as it is."""
    file = project / ".gitignore"
    there = file.read_text(encoding="utf-8") if file.is_file() else ""
    lines = there.splitlines()
    have = {line.strip().strip("/") for line in lines}
    missing = [f"/{name}/" for name in _IGNORED if name not in have]
    return "\n".join([*lines, *missing]) + "\n" if missing else ""
