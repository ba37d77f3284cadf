from __future__ import annotations

import email.utils
import time

import pytest

from wrongarch.downloads.http import _retry_after


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("7", 7.0),
        (" 0 ", 0.0),
        ("soon", None),
        ("-3", None),
        ("", None),
        ("²", None),
        ("\x1d0", 0.0),
        ("9" * 400, None),
    ],
)
def test_retry_after_in_seconds(value: str | None, seconds: float | None) -> None:
    assert _retry_after(value) == seconds


def test_retry_after_as_a_date() -> None:
    in_a_minute = _retry_after(email.utils.formatdate(time.time() + 60, usegmt=True))
    assert in_a_minute is not None
    assert 55 < in_a_minute <= 60
    assert _retry_after("Wed, 21 Oct 2015 07:28:00 -0000") == 0.0
