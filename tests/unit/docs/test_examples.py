"""How examples are found in pages and compared: a reader that overlooks a block would make every test of it green."""

from __future__ import annotations

import pytest

from tests.support.examples import blocks, difference

PAGE = """\
# Page

```console
$ first
one
$ second \\
> more
```

<!-- not run: there is
     no such program -->

```console
$ absent
```

- in a list

  ```toml title="a/b.toml"
  x = 1
  ```

<!-- needs: docker podman -->

```console
$ docker
…
```

Words in between.

```text
$ nothing
```
"""


def test_blocks_with_their_marks() -> None:
    found = list(blocks(PAGE))
    assert [block.language for block in found] == ["console", "console", "toml", "console", "text"]
    assert [block.not_run for block in found] == ["", "there is\n     no such program", "", "", ""]
    assert [block.title for block in found] == ["", "", "a/b.toml", "", ""]
    assert [block.needs for block in found] == [(), (), (), ("docker", "podman"), ()]
    assert found[2].text == "x = 1\n"


def test_a_mark_is_for_the_next_block_alone() -> None:
    text = "<!-- not run: because of this -->\n\nWords.\n\n```console\n$ a\n```\n\n```console\n$ b\n```\n"
    assert [block.not_run for block in blocks(text)] == ["", ""]


def test_commands_with_what_they_print() -> None:
    first, second = next(blocks(PAGE)).steps()
    assert (first.command, first.output, first.line) == ("first", ("one",), 4)
    assert (second.command, second.output, second.line) == ("second \\\nmore", None, 6)


def test_a_block_begins_with_a_command() -> None:
    (block,) = blocks("```console\nwithout a prompt\n```\n")
    with pytest.raises(ValueError, match="is no command"):
        list(block.steps())


@pytest.mark.parametrize(
    ("expected", "printed"),
    [
        (["one"], "one\n"),
        (["one …"], "one two three\n"),
        (["…"], ""),
        (["…", "last"], "a\nb\nlast\n"),
        (["first", "…", "last"], "first\nlast\n"),
        (["a    b"], "a b\n"),
        (["    a"], "a\n"),
        (["(a.b)*"], "(a.b)*  \n"),
        (["", "x"], "\nx\n"),
        (["a…c"], "abc\n"),
    ],
)
def test_the_same(expected: list[str], printed: str) -> None:
    assert difference(tuple(expected), printed) == ""


@pytest.mark.parametrize(
    ("expected", "printed"),
    [
        (["one"], "two\n"),
        (["one"], "one\ntwo\n"),
        (["one", "two"], "one\n"),
        (["…", "last"], "last\nmore\n"),
        (["a b"], "ab\n"),
        (["a.b"], "axb\n"),
        (["one …"], "one\ntwo\n"),
        (["one"], ""),
    ],
)
def test_not_the_same(expected: list[str], printed: str) -> None:
    assert "the page says" in difference(tuple(expected), printed)
