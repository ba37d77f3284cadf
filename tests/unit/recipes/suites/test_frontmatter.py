from __future__ import annotations

import contextlib

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from wrongarch.recipes.suites.frontmatter import (
    FLAGS,
    FrontMatter,
    FrontMatterError,
    Negative,
    read_flags,
    read_front_matter,
)

FULL = """// Copyright
/*---
esid: sec-x
description: |
    several lines,
    flags: [raw] is not meant here
info: flags
includes: [compareArray.js, sub/x.js]
flags: [onlyStrict, async]
features:
  - BigInt
  - Symbol.iterator
negative:
  phase: parse
  type: SyntaxError
locale: [en]
---*/
var x;
"""


def test_all_that_counts_is_read() -> None:
    assert read_front_matter(FULL) == FrontMatter(
        includes=("compareArray.js", "sub/x.js"),
        flags=frozenset({"onlyStrict", "async"}),
        features=("BigInt", "Symbol.iterator"),
        negative=Negative(phase="parse", type="SyntaxError"),
    )
    assert read_flags(FULL) == {"onlyStrict", "async"}


@pytest.mark.parametrize("source", ["", "var x;", "/*---\n---*/", "/*---\ndescription: x\nflags:\nincludes:\n---*/"])
def test_nothing_asked_for(source: str) -> None:
    assert read_front_matter(source) == FrontMatter()
    assert read_flags(source) == frozenset()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("/*---\nflags: [raw]", "has no end"),
        ("/*---\nflags: [raw\n---*/", "is no YAML"),
        ("/*---\n- x\n---*/", "is wrong"),
        ("/*---\nflags: raw\n---*/", "is wrong"),
        ("/*---\nflags: [raww]\n---*/", "unknown flag 'raww'"),
        ("/*---\nnegative: {phase: later, type: X}\n---*/", "is wrong"),
        ("/*---\nnegative: {phase: parse}\n---*/", "is wrong"),
        ("/*---\nincludes: [../../etc/passwd]\n---*/", "is no path below harness/"),
        ("/*---\nincludes: [/etc/passwd]\n---*/", "is no path below harness/"),
        ("/*---\nx: 2001-99-99\n---*/", "is wrong"),
        ("/*---\nx: !!python/object/apply:os.system [ls]\n---*/", "is no YAML"),
    ],
)
def test_what_is_wrong_is_said(source: str, words: str) -> None:
    with pytest.raises(FrontMatterError, match=words):
        read_front_matter(source)


@pytest.mark.parametrize(
    ("block", "flags"),
    [
        ("flags: [module]", {"module"}),
        ("flags: []", set()),
        ("flags:\n  - raw\n  - async", {"raw", "async"}),
        ("flags: [raw,\n  async]", {"raw", "async"}),
        ('"flags": [raw]', {"raw"}),
        ("negative:\n  phase: parse\n  type: X\nflags: [raw]", {"raw"}),
        ("description: >\n  flags: [module]", set()),
        ("flags: [non-deterministic]   # why", {"non-deterministic"}),
    ],
)
def test_quick_flags_are_the_flags(block: str, flags: set[str]) -> None:
    source = f"/*---\n{block}\n---*/"
    assert read_flags(source) == read_front_matter(source).flags == flags


keys = st.sampled_from(["flags", "includes", "features", "description", "info", "esid"])
words = st.lists(st.sampled_from([*sorted(FLAGS), "x.js", "BigInt", "flags: [raw]"]), max_size=3)


@given(
    st.dictionaries(keys, words | st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30)),
    st.booleans(),
)
def test_quick_flags_never_differ_from_the_full_reader(fields: dict[str, object], flow: bool) -> None:
    block = yaml.safe_dump(fields, default_flow_style=flow, width=30)
    source = f"/*---\n{block}---*/"
    try:
        expected = read_front_matter(source).flags
    except FrontMatterError:
        return  # the suite reports those by the full reader
    assert read_flags(source) == expected


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    for source in (text, f"/*---\n{text}\n---*/"):
        for reader in (read_front_matter, read_flags):
            with contextlib.suppress(FrontMatterError):
                reader(source)
