"""The wire between a session and its agent."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wrongarch.namespaces.agent import frames

FRAME = st.tuples(
    st.binary(min_size=1, max_size=1), st.integers(min_value=0, max_value=2**32 - 1), st.binary(max_size=300)
)


def cut(stream: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(stream) + 1) for place in places), len(stream)]
    return [stream[begin:end] for begin, end in itertools.pairwise(edges)]


@given(st.lists(FRAME, max_size=8), st.lists(st.integers(min_value=0), max_size=20))
def test_the_same_frames_however_the_stream_is_cut(sent: list[tuple[bytes, int, bytes]], places: list[int]) -> None:
    stream = b"".join(frames.pack(*frame) for frame in sent)
    reader = frames.Reader()
    assert [frame for piece in cut(stream, places) for frame in reader.feed(piece)] == sent


@given(FRAME)
def test_one_byte_at_a_time(frame: tuple[bytes, int, bytes]) -> None:
    reader = frames.Reader()
    stream = frames.pack(*frame)
    found = [list(reader.feed(stream[at : at + 1])) for at in range(len(stream))]
    assert found[-1] == [frame]
    assert not any(found[:-1])


def test_an_unfinished_frame_waits() -> None:
    reader = frames.Reader()
    assert list(reader.feed(frames.pack(b"O", 3, b"abcdef")[:-1])) == []
    assert list(reader.feed(b"f" + frames.pack(b"X", 4, b""))) == [(b"O", 3, b"abcdef"), (b"X", 4, b"")]


def test_a_stream_that_is_not_ours_is_refused_before_it_is_gathered() -> None:
    reader = frames.Reader()
    with pytest.raises(ValueError, match="a frame of"):
        list(reader.feed(frames.HEADER.pack(b"O", 1, frames.LARGEST + 1)))


def test_the_largest_frame_passes() -> None:
    header = frames.HEADER.pack(b"O", 1, frames.LARGEST)
    assert list(frames.Reader().feed(header)) == []


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_json_comes_back(value: object) -> None:
    [(kind, number, payload)] = frames.Reader().feed(frames.pack_json(b"P", 9, value))
    assert (kind, number, json.loads(payload)) == (b"P", 9, value)


def test_text_that_is_no_utf8_comes_back() -> None:
    text = b"caf\xe9".decode("utf-8", "surrogateescape")
    [(_, _, payload)] = frames.Reader().feed(frames.pack_json(b"P", 0, [text]))
    assert payload.isascii()
    assert json.loads(payload) == [text]


@given(st.text(alphabet=st.characters(codec=None)))
def test_plain_text_can_be_encoded(text: str) -> None:
    frames.plain(text).encode()


def test_plain_text_says_what_was_there() -> None:
    assert frames.plain("caf\udce9 é") == "caf\\udce9 é"
