from __future__ import annotations

import pytest

from wrongarch.recipes.templates import expand, fill, unknown_names

VALUES = {"program": "/p", "options": ("-a", "-b c"), "test": "t.js", "none": ()}


def test_a_list_alone_becomes_words_and_inside_a_word_one_text() -> None:
    assert expand(("{program}", "{options}", "{none}", "--x={test}", "{program}:{test}"), VALUES) == (
        "/p",
        "-a",
        "-b c",
        "--x=t.js",
        "/p:t.js",
    )
    assert expand(("[{options}]",), VALUES) == ("[-a -b c]",)


@pytest.mark.parametrize("text", ["${HOME}", "{}", "{1}", "{A}", "{ test }", "function () { return {}; }"])
def test_other_braces_stay(text: str) -> None:
    assert fill(text, VALUES) == text
    assert list(unknown_names([text], [])) == []


def test_unknown_names_are_found_and_never_filled() -> None:
    assert list(unknown_names(["{program} {tset}", "{x}"], VALUES)) == ["tset", "x"]
    with pytest.raises(KeyError):
        fill("{tset}", VALUES)


def test_values_are_not_expanded_again() -> None:
    assert expand(("{a}",), {"a": "{b}", "b": "no"}) == ("{b}",)
