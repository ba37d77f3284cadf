from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wrongarch.debian.deb822 import paragraphs

LINE = st.text(st.characters(blacklist_characters="\n\r", blacklist_categories=("Cs", "Cc", "Zs")), min_size=1)


def test_paragraphs_continuations_comments_and_rubbish() -> None:
    text = "# c\nA: 1\nB:\n two\n# c\n\tthree\nrubbish\n ignored\n\n\n \nA: x:y\n"
    assert list(paragraphs(text)) == [{"A": "1", "B": "\ntwo\nthree"}, {"A": "x:y"}]
    assert list(paragraphs("")) == []
    assert list(paragraphs(" only a continuation")) == []


PARAGRAPH = st.dictionaries(
    st.from_regex(r"[A-Z][A-Za-z-]*", fullmatch=True), st.lists(LINE, min_size=1, max_size=4), min_size=1, max_size=5
)


@given(st.lists(PARAGRAPH, max_size=4))
def test_what_is_written_is_read_back(content: list[dict[str, list[str]]]) -> None:
    text = "\n".join("".join(f"{key}: " + "\n ".join(lines) + "\n" for key, lines in part.items()) for part in content)
    expected = [{key: "\n".join(lines) for key, lines in part.items()} for part in content]
    assert list(paragraphs(text)) == expected


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    for paragraph in paragraphs(text):
        assert paragraph
