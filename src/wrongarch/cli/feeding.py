"""The registry that images come from: who we are there, and which one it is."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from wrongarch.downloads import registry
from wrongarch.images.feed import Feed
from wrongarch.pipelines.places import REGISTRY_PASSWORD, REGISTRY_USER

_GITLAB = ("CI_REGISTRY", "CI_REGISTRY_USER", "CI_REGISTRY_PASSWORD")


def feed(repository: str, say: Callable[[str], None]) -> Feed | None:
    """The feed of a repository, None for "". Raises UsageError for a name that is none."""
    if not repository:
        return None
    host = registry.parse(repository).registry
    return Feed(repository=repository, credentials=lambda where: credentials(where, host), say=say)


def credentials(where: str, own: str, environ: Mapping[str, str] = os.environ) -> tuple[str, str] | None:
    """User and password for the registry `where`, of which `own` is ours.

    From our two variables (for our registry alone), from GitLab's
    (https://docs.gitlab.com/ci/variables/predefined_variables/, for its own registry alone), then as docker has them.
    """
    if where == own and environ.get(REGISTRY_PASSWORD):
        return environ.get(REGISTRY_USER, ""), environ[REGISTRY_PASSWORD]
    host, user, password = (environ.get(name, "") for name in _GITLAB)
    if where == host and password:
        return user, password
    from wrongarch.engines.containers import api  # the SDK loads slowly

    return api.credentials(where)
