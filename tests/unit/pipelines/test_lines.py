from __future__ import annotations

import pytest

from wrongarch.pipelines.lines import line_of, steps_of

TEXT = """# comment
arches = [
  "arm",
]
[defaults]
recipe = "jsc"   # why
[arch.arm]
native = {runner = "x"}
a."b.c" = 1
[[include]]
arch = "arm"
[[include]]
arch = "mips"
[include.deep]
x = 1
['quoted']
y = 2
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("arches", 2),
        ("arches[0]", 2),
        ("defaults", 5),
        ("defaults.recipe", 6),
        ("defaults.missing", 5),
        ("arch.arm.native.runner", 8),
        ("include[0].arch", 11),
        ("include[1]", 12),
        ("include[1].arch", 13),
        ("include[1].deep.x", 15),
        ("quoted.y", 17),
        ("include", 10),
        ("nowhere", 0),
    ],
)
def test_lines(path: str, line: int) -> None:
    assert line_of(TEXT, path) == line


def test_steps() -> None:
    assert steps_of("include[12].a.b") == ("include", 12, "a", "b")
