"""Find what proves who we are to a forge. A token is for one host, and the one that was found says which.

In order: the environment, the configuration of `gh` or `glab`, a netrc. A variable without a host of its own (GH_TOKEN,
GITLAB_TOKEN) is for github.com or gitlab.com; an address that somebody sends you must not get your token.
"""

from __future__ import annotations

import netrc
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from wrongarch import process
from wrongarch.downloads.origins import Credential, origin_of, split
from wrongarch.errors import WrongarchError

_MOST = 1 << 20  # bytes of a configuration file


def api_of(forge: str, base: str, environ: Mapping[str, str] = os.environ) -> str:
    """Where the API of the forge at `base` is, without a slash at its end."""
    if forge == "github":
        if base == "https://github.com":
            return "https://api.github.com"
        own = environ.get("GITHUB_API_URL") if _same(environ.get("GITHUB_SERVER_URL"), base) else None
        return (own or f"{base}/api/v3").rstrip("/")
    own = environ.get("CI_API_V4_URL") if _same(environ.get("CI_SERVER_URL"), base) else None
    return (own or f"{base}/api/v4").rstrip("/")


def find(forge: str, base: str, environ: Mapping[str, str] = os.environ) -> Credential | None:
    """What to send to the API of the forge at `base`, None where nothing is known."""
    places = _github(base, environ) if forge == "github" else _gitlab(base, environ)
    for header, token, source in places:
        if token and token.isprintable() and token.isascii() and " " not in token:
            value = f"Bearer {token}" if header == "Authorization" else token
            return Credential(origin=origin_of(api_of(forge, base, environ)), header=header, value=value, source=source)
    return None


def _same(known: str | None, base: str) -> bool:
    """Whether a variable names the forge at `base`: an address, or a host alone."""
    if not known:
        return False
    address = known if "://" in known else f"https://{known}"
    return origin_of(address) == origin_of(base)


def _github(base: str, environ: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """(header, token, where it is from), the best first. https://cli.github.com/manual/gh_help_environment."""
    address = split(base)
    host = address.host if address else ""
    public = host == "github.com" or host.endswith(".ghe.com")
    own = _same(environ.get("GITHUB_SERVER_URL"), base) or _same(environ.get("GH_HOST"), base)
    for name in ("GH_TOKEN", "GITHUB_TOKEN") if public or own else ():
        yield "Authorization", environ.get(name, ""), name
    for name in ("GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN") if own and not public else ():
        yield "Authorization", environ.get(name, ""), name
    folder = Path(environ.get("GH_CONFIG_DIR") or _config(environ) / "gh")
    known = _yaml(folder / "hosts.yml").get(host)
    if isinstance(known, dict):
        yield "Authorization", str(known.get("oauth_token") or ""), str(folder / "hosts.yml")
        if shutil.which("gh", path=environ.get("PATH")):  # it keeps tokens in the desktop's keyring by now
            yield "Authorization", _asked(["gh", "auth", "token", "--hostname", host]), "gh auth token"
    api = split(api_of("github", base, environ))
    for one in dict.fromkeys((api.host if api else "", host)):
        yield "Authorization", _netrc(one, environ), "netrc"


def _gitlab(base: str, environ: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """https://gitlab.com/gitlab-org/cli, environment variables; https://docs.gitlab.com/ci/jobs/ci_job_token."""
    address = split(base)
    host = address.host if address else ""
    named = [environ.get(name) for name in ("GITLAB_HOST", "GITLAB_URI", "GL_HOST", "CI_SERVER_URL")]
    own = any(_same(name, base) for name in named)
    if own or (base == "https://gitlab.com" and not any(named[:3])):
        for name in ("GITLAB_TOKEN", "GITLAB_ACCESS_TOKEN"):
            yield "PRIVATE-TOKEN", environ.get(name, ""), name
    folder = Path(environ.get("GLAB_CONFIG_DIR") or _config(environ) / "glab-cli")
    hosts = _yaml(folder / "config.yml").get("hosts")
    known = hosts.get(host) if isinstance(hosts, dict) else None
    if isinstance(known, dict):
        oauth = str(known.get("is_oauth2", "")).lower() == "true"
        header = "Authorization" if oauth else "PRIVATE-TOKEN"
        yield header, str(known.get("token") or ""), str(folder / "config.yml")
    yield "PRIVATE-TOKEN", _netrc(host, environ), "netrc"
    if _same(environ.get("CI_SERVER_URL"), base):
        yield "JOB-TOKEN", environ.get("CI_JOB_TOKEN", ""), "CI_JOB_TOKEN"


def _config(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("XDG_CONFIG_HOME") or Path(environ.get("HOME", "~")).expanduser() / ".config")


def _yaml(file: Path) -> dict[str, Any]:
    """A configuration of somebody else's program: what cannot be read is as if it were not there."""
    try:
        with file.open(encoding="utf-8") as opened:
            found = yaml.safe_load(opened.read(_MOST))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    return found if isinstance(found, dict) else {}


def _netrc(host: str, environ: Mapping[str, str]) -> str:
    named = environ.get("NETRC")
    file = Path(named) if named else Path(environ.get("HOME", "~")).expanduser() / ".netrc"
    try:
        entry = netrc.netrc(str(file)).hosts.get(host)  # not `default`: that is for any host
    except (OSError, netrc.NetrcParseError, UnicodeDecodeError):
        return ""
    return (entry[2] or "") if entry else ""


def _asked(argv: list[str]) -> str:
    try:
        return process.run(argv, timeout=10).text.strip()
    except WrongarchError:
        return ""


def holder(credential: Credential | None) -> str:
    """Whose token it is, in words for messages."""
    return f"the token of {credential.source}" if credential else "no token"


def advice(forge: str, base: str) -> str:
    """What to type where a token is missing or has too few rights."""
    address = split(base)
    host = address.host if address else base
    if forge == "github":
        login = "gh auth login" if host == "github.com" else f"gh auth login --hostname {host}"
        extra = "" if host == "github.com" else f"export GH_HOST={host}; "
        return f"{login}\nor {extra}export GH_TOKEN=… with the right to read Actions of that repository"
    extra = "" if host == "gitlab.com" else f"export GITLAB_HOST={base}; "
    return f"glab auth login --hostname {host}\nor {extra}export GITLAB_TOKEN=… with the scope read_api"
