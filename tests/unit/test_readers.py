"""Every reader of what others wrote, with sound inputs changed a little: the short form of `python -m tests.fuzz`."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import readers
from tests.fuzz.readers import READERS, Reader

EXAMPLES = 40  # of each reader; the long form has a million


def ids(reader: Reader) -> str:
    return reader.name


@st.composite
def changed(draw: st.DrawFn, sound: list[bytes]) -> bytes:
    """One of some sound inputs, cut, with bytes replaced, repeated or put in; or bytes of no kind."""
    data = bytearray(draw(st.sampled_from(sound)))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(data)))
        length = draw(st.integers(0, 16))
        match draw(st.sampled_from(["replace", "insert", "delete", "repeat", "cut", "bit"])):
            case "replace":
                data[at : at + length] = draw(st.binary(min_size=length, max_size=length))
            case "insert":
                data[at:at] = draw(st.binary(max_size=length) | st.sampled_from(TELLING))
            case "delete":
                del data[at : at + length]
            case "repeat":
                data[at:at] = data[at : at + length] * draw(st.integers(1, 50))
            case "cut":
                del data[at:]
            case _ if data:
                data[at % len(data)] ^= 1 << draw(st.integers(0, 7))
    return bytes(data)


TELLING = (b"\0", b"//", b"/..", b"\xff", b"\xb2", b"9" * 30, b"9" * 5000, b"-1", b"{}", b"[]", b"null", b"\xed\xa0")


def check(reader: Reader, data: bytes) -> None:
    try:
        reader.read(data)
    except reader.allowed:
        return


@pytest.mark.parametrize("reader", READERS, ids=ids)
def test_sound_inputs_are_read(reader: Reader) -> None:
    """Or the rest would start from what is refused at once."""
    sound = reader.seeds()
    for data in sound:
        check(reader, data)
    reader.read(sound[0])


@pytest.mark.parametrize("reader", READERS, ids=ids)
def test_no_input_makes_a_reader_stumble(reader: Reader) -> None:
    sound = reader.seeds()

    @settings(
        max_examples=max(int(EXAMPLES * min(reader.share, 1.0)), 3),
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(changed(sound) | st.binary(max_size=200))
    def run(data: bytes) -> None:
        check(reader, data)

    run()


@pytest.mark.parametrize(("name", "file"), readers.found(), ids=lambda value: getattr(value, "name", value))
def test_what_once_made_a_reader_stumble(name: str, file: Path) -> None:
    check(readers.by_name(name), file.read_bytes())
