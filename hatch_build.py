"""Puts into wheels what a checkout has beside the package: recipes, locks and the matrix with the defaults."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SHIPPED = {
    "ci/recipes": "wrongarch/shipped/recipes",
    "ci/locks": "wrongarch/shipped/locks",
    "ci/matrix.toml": "wrongarch/shipped/ci/matrix.toml",
}


class Hook(BuildHookInterface):  # type: ignore[type-arg]  # it is generic over what we do not use
    """Not for editable installs: there the checkout itself is found."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it builds."""
        if version == "standard":
            build_data["force_include"].update(SHIPPED)
