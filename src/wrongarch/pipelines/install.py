"""How a job gets wrongarch: always one version, never the newest."""

from __future__ import annotations

import wrongarch
from wrongarch.pipelines.model import Matrix


def install_line(matrix: Matrix) -> str:
    """One line for a shell, "" where the runner has it."""
    wanted = matrix.install
    if wanted.source == "runner":
        return ""
    what = "." if wanted.source == "checkout" else f"wrongarch=={wanted.version or wrongarch.__version__}"
    return f"python -m pip install --disable-pip-version-check {what}"
