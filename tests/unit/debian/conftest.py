from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.debs import write_deb


@pytest.fixture
def make_deb(tmp_path: Path) -> Callable[..., Path]:
    """Makes a new package of the given entries."""
    numbers = itertools.count(1)

    @functools.wraps(write_deb)
    def make(*entries: dict[str, Any], **options: Any) -> Path:
        return write_deb(tmp_path / f"package{next(numbers)}.deb", *entries, **options)

    return make
