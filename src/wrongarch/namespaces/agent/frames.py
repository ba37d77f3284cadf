"""The wire between a session and its agent: frames of one kind byte, a command number, a length and a payload.

Both sides import this. Payloads are JSON but for OUT, ERR and INPUT, which are raw.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from typing import Any

HEADER = struct.Struct("<cII")
LARGEST = 64 << 20
"""Bytes; a longer frame means that the other side is not ours."""

# host to agent
PLAN, GO, SPAWN, KILL, QUIT = b"P", b"G", b"S", b"K", b"Q"
INPUT, SIZE = b"I", b"W"
"""Where no descriptor can be passed: raw input for a command (empty: its end), and {"rows", "columns"} of its terminal.

What comes before SPAWN is the whole standard input of a command, what comes after is typed while it runs.
"""
# agent to host
UNSHARED, READY, BEGAN, OUT, ERR, EXIT, FAILED, TERMINAL = b"U", b"R", b"B", b"O", b"E", b"X", b"F", b"T"


def pack(kind: bytes, number: int, payload: bytes) -> bytes:
    """One frame."""
    return HEADER.pack(kind, number, len(payload)) + payload


def pack_json(kind: bytes, number: int, value: Any) -> bytes:
    """One frame with a JSON payload; bytes that are not UTF-8 travel as surrogate escapes."""
    return pack(kind, number, json.dumps(value, separators=(",", ":")).encode("ascii"))


def plain(text: str) -> str:
    """Text that every JSON reader takes: what came from bytes that are no UTF-8 is written as \\udcff."""
    return text.encode("utf-8", "backslashreplace").decode()


class Reader:
    """Cuts a byte stream into frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[bytes, int, bytes]]:
        """Yield each (kind, number, payload) completed by `data`; ValueError when the stream is not ours."""
        self._buffer += data
        at = 0
        while len(self._buffer) - at >= HEADER.size:
            kind, number, length = HEADER.unpack_from(self._buffer, at)
            if length > LARGEST:
                raise ValueError(f"a frame of {length} bytes")
            end = at + HEADER.size + length
            if len(self._buffer) < end:
                break
            yield kind, number, bytes(self._buffer[at + HEADER.size : end])
            at = end
        del self._buffer[:at]
