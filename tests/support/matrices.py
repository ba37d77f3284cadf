"""Small projects with a matrix and recipes, for tests of pipelines."""

from __future__ import annotations

from pathlib import Path

from wrongarch.pipelines.expand import expand
from wrongarch.pipelines.jobs import Pipeline
from wrongarch.pipelines.reading import FILE, read

LOCK = "ab" * 32

RECIPE = """
name = "{name}"
program = "/usr/bin/dash"
probe = ["-c", "exit 0"]
[image]
{image}
{build}
[[suites]]
kind = "command"
name = "checks"
retries = 0
{tests}
[[suites]]
kind = "scripts"
name = "scripts"
folder = "t"
pattern = ["*.sh"]
minimum = 3
arches = ["arm", "s390x"]
"""
BUILD = """[build]
steps = ["true"]
"""
TEST = """
[[suites.tests]]
name = "{name}"
command = ["{{program}}", "-c", "{script}"]
"""


def write_project(
    project: Path,
    matrix: str,
    *,
    name: str = "tiny",
    scripts: dict[str, str] | None = None,
    image: str = 'packages = ["dash"]',
    build: str = "",
) -> Path:
    """Write `ci/matrix.toml` and one recipe with the suites `checks` (command tests) and `scripts`; the matrix."""
    folder = project / "ci" / "recipes" / name
    (folder / "t").mkdir(parents=True, exist_ok=True)
    (folder / "t" / "one.sh").write_text("exit 0\n")
    tests = scripts or {f"t{number}": "exit 0" for number in range(6)}
    text = "".join(TEST.format(name=test, script=script) for test, script in tests.items())
    (folder / "recipe.toml").write_text(RECIPE.format(name=name, tests=text, image=image, build=build))
    file = project / FILE
    file.write_text(matrix)
    return file


def pipeline(project: Path, matrix: str, **more: object) -> Pipeline:
    """The pipeline of such a project; every lock has the same digest."""
    file = write_project(project, matrix, **more)  # type: ignore[arg-type]  # its keywords
    return expand(read(file), file, project, lambda _recipe, _arch: LOCK)


MINIMAL = """arches = ["arm", "mips"]

[defaults]
recipe = "tiny"
"""

EVERYTHING = """#:schema ./matrix.schema.json
arches = ["arm", "arm64", "s390x"]
cache = true

[defaults]
recipe = "tiny"

[suites.tiny]
checks = { shards = 3, timeout = 45 }
scripts = {}

[axes]
emulators = ["", "11.1"]
engines = ["", "docker"]

[arch.arm]
cpus = ["", "max,vfp=off"]
emulators = [""]

[arch.arm64]
native = { runner = "ubuntu-24.04-arm", tags = ["arm64"] }

[[include]]
arch = "mips"
suite = "checks"
emulator = "7.2"
timeout = 90

[[exclude]]
arch = "s390x"
engine = "docker"
reason = "the runner has no room for it"

[[allowed_failures]]
emulator = "11.1"
reason = "new, and not looked at yet"

[triggers]
push = ["main", "release/*"]
pull_request = true
merge_queue = true
schedule = "17 3 * * 1"

[gitlab]
tags = ["privileged"]

[keep]
capsules = 7

[limits]
parallel = 20

[env]
WRONGARCH_DEBIAN_MIRROR = "http://deb.debian.org/debian"
"""
