"""JSON that others wrote, or that a kill may have damaged: what is wrong with it is one kind of error."""

from __future__ import annotations

from typing import TypeVar

import msgspec

_T = TypeVar("_T")


class DamagedError(ValueError):
    """No JSON, or not the document that it should be. The message says what is wrong, and where."""


def decode(raw: bytes, kind: type[_T]) -> _T:
    """Read a JSON document. Raises DamagedError, also where msgspec has errors of Python's own.

    Those are UnicodeDecodeError for text that is no UTF-8, and RecursionError for what is nested too deeply.
    """
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise DamagedError(str(error)) from error
