"""The word for which tools are native."""

from __future__ import annotations

import pytest

from wrongarch.cli import ground
from wrongarch.errors import UsageError


@pytest.mark.parametrize("word", ["full", "tools", "none"])
def test_each_word_is_a_mode(word: str) -> None:
    assert ground.mode_of(word) == word


@pytest.mark.parametrize("word", ["", "FULL", "some"])
def test_another_word_is_told_with_those_that_are(word: str) -> None:
    with pytest.raises(UsageError, match="is no acceleration") as told:
        ground.mode_of(word)
    assert told.value.fix == "write --accel full, tools, none"
