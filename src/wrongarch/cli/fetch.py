"""`wrongarch fetch`: what failed on a forge, and its capsules."""

from __future__ import annotations

from wrongarch.cli import options

app = options.new()
