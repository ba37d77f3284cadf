from __future__ import annotations

import shlex

from hypothesis import given
from hypothesis import strategies as st

from wrongarch.process import Completed, pasteable

WORDS = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), min_size=1)


@given(st.lists(WORDS, min_size=1), st.dictionaries(st.from_regex(r"[A-Z_]+", fullmatch=True), WORDS))
def test_a_shell_reads_the_pasteable_line_back(argv: list[str], env: dict[str, str]) -> None:
    words = shlex.split(pasteable(argv, env))
    if env:
        assert words[0] == "env"
        words = words[1 + len(env) :] if words[1 : 1 + len(env)] == [f"{k}={v}" for k, v in sorted(env.items())] else []
    assert words == argv


def test_a_folder_is_entered_in_a_subshell() -> None:
    assert pasteable(["ls"], cwd="/a b") == "(cd '/a b' && ls)"
    assert pasteable(["ls", "it's"], {"A": "1 2"}) == """env 'A=1 2' ls 'it'"'"'s'"""


def test_output_as_text() -> None:
    assert Completed(argv=("x",), code=0, stdout=b"a\xff", stderr=b"").text == "a\ufffd"
