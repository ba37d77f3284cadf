"""The project that is tested while it is killed: JavaScriptCore on arm, in an image that is made in seconds.

The image has the packages that jsc needs to start, out of the lock that is committed for jsc: no compiler, no perl.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec

from wrongarch.images import lock as locks

REPOSITORY = Path(__file__).parents[2]
ARCH = "arm"
NAME = "faults"
TESTS = (
    *("control/closures-and-scopes.js", "control/loops-and-labels.js", "control/switch.js"),
    *("control/try-finally.js", "date/beyond-2038.js", "errors/stacks-and-lines.js"),
)
"""Of the suite that is committed for jsc."""
PLANTED = 3
"""Tests that fail, so that there are capsules."""
PACKAGES = (
    *("base-files", "base-passwd", "coreutils", "dash", "debianutils", "dpkg", "gcc-12-base", "grep", "libacl1"),
    *("libatomic1", "libattr1", "libblkid1", "libbz2-1.0", "libc-bin", "libc6", "libcap2", "libdebconfclient0"),
    *("libffi8", "libgcc-s1", "libgcrypt20", "libglib2.0-0", "libgmp10", "libgpg-error0", "libicu72"),
    *("libjavascriptcoregtk-4.0-18", "libjavascriptcoregtk-4.0-bin", "liblz4-1", "liblzma5", "libmd0", "libmount1"),
    *("libpcre2-8-0", "libselinux1", "libstdc++6", "libsystemd0", "libzstd1", "mawk", "sed", "tar", "zlib1g"),
)

RECIPE = f"""\
name = "{NAME}"
program = "/usr/bin/jsc"
probe = ["-e", "1"]

[image]
packages = [{", ".join(f'"{name}"' for name in PACKAGES)}]

[build]
steps = ["for part in 1 2; do /usr/bin/jsc -e 'print(6 * 7)' >>written; done; sort written >product"]
products = ["product"]

[[suites]]
kind = "scripts"
name = "stress"
folder = "stress"
pattern = ["*.js"]
timeout = 120
minimum = {len(TESTS)}
modes = [{{ name = "no-jit", options = ["--useJIT=0"] }}]

[[suites]]
kind = "command"
name = "planted"
timeout = 60
retries = 0
tests = [
    {{ name = "throws", command = ["{{program}}", "-e", "throw new TypeError('planted')"] }},
    {{ name = "differs", command = ["{{program}}", "-e", "print(1)"], stdout = "2\\n" }},
    {{ name = "reads", command = ["cat", "{{build}}/product"], exit_code = 3 }},
]
"""


def make(project: Path) -> locks.Lock:
    """Write recipe, tests and lock into a new project; the lock."""
    folder = project / "ci/recipes" / NAME
    (folder / "stress").mkdir(parents=True)
    for test in TESTS:
        shutil.copy(REPOSITORY / "ci/recipes/jsc/stress" / test, folder / "stress")
    (folder / "recipe.toml").write_text(RECIPE)
    return _lock(project / "ci/locks" / NAME / f"{ARCH}.json")


def _lock(path: Path) -> locks.Lock:
    whole = locks.read(REPOSITORY / "ci/locks/jsc" / f"{ARCH}.json")
    kept = [package for package in whole.packages if package.name in PACKAGES]
    essential = [package for package in whole.packages[: whole.essential] if package.name in PACKAGES]
    lock = msgspec.structs.replace(
        whole,
        image=NAME,
        request=locks.request_digest(whole.suite, PACKAGES, ()),
        essential=len(essential),
        exclude=(),
        packages=tuple(kept),
    )
    locks.write(lock, path)
    return lock
