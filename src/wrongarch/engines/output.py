"""Keeps the beginning and the end of a stream that may be endless."""

from __future__ import annotations


class Kept:
    """At most `limit` bytes: the first half and the last half of what was added."""

    def __init__(self, limit: int) -> None:
        self._half = limit // 2
        self._head = bytearray()
        self._tail = bytearray()
        self._cut = 0

    def add(self, data: bytes) -> None:
        """Take more of the stream."""
        room = self._half - len(self._head)
        if room > 0:
            self._head += data[:room]
            data = data[room:]
        self._tail += data
        if len(self._tail) > 2 * self._half + (1 << 16):  # now and then, as it moves what is kept
            self._trim()

    def _trim(self) -> None:
        over = len(self._tail) - self._half
        if over > 0:
            self._cut += over
            del self._tail[:over]

    @property
    def dropped(self) -> int:
        """How many bytes were not kept."""
        self._trim()
        return self._cut

    @property
    def data(self) -> bytes:
        """What was kept, with a line between the halves that says how much is missing."""
        missing = self.dropped
        note = f"\n[... {missing} bytes left out ...]\n".encode() if missing else b""
        return bytes(self._head) + note + bytes(self._tail)
