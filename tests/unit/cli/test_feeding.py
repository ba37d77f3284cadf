"""Who we are at the registry of images: no password goes to a registry that it is not for."""

from __future__ import annotations

import pytest

from wrongarch.cli import feeding
from wrongarch.engines.containers import api
from wrongarch.errors import UsageError

OURS = {"WRONGARCH_REGISTRY_USER": "me", "WRONGARCH_REGISTRY_PASSWORD": "secret"}
GITLAB = {"CI_REGISTRY": "gitlab.example:5050", "CI_REGISTRY_USER": "job", "CI_REGISTRY_PASSWORD": "token"}


@pytest.mark.parametrize(
    ("where", "environ", "found"),
    [
        ("own.example", OURS, ("me", "secret")),
        ("other.example", OURS, None),
        ("own.example", {**OURS, "WRONGARCH_REGISTRY_PASSWORD": ""}, None),
        ("gitlab.example:5050", GITLAB, ("job", "token")),
        ("gitlab.example", GITLAB, None),
        ("own.example", {**OURS, **GITLAB}, ("me", "secret")),
        ("own.example", {}, None),
    ],
)
def test_each_password_is_for_one_registry(
    where: str,
    environ: dict[str, str],
    found: tuple[str, str] | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(api, "credentials", lambda _where: None)  # docker has none
    assert feeding.credentials(where, "own.example", environ) == found


def test_a_repository_is_a_name() -> None:
    assert feeding.feed("", print) is None
    with pytest.raises(UsageError, match="is no name of an image"):
        feeding.feed("Registry.example/Team Roots", print)
