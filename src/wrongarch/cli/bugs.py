"""The report of an error that is our own fault: versions, the command and the traceback; nothing of the environment."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import secrets
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

import wrongarch
from wrongarch import paths, process
from wrongarch.errors import WrongarchError

_DEPENDENCIES = (
    "junitparser",
    "msgspec",
    "platformdirs",
    "pyelftools",
    "python-debian",
    "requests",
    "rich",
    "tenacity",
    "typer",
    "zstandard",
)
# user:password@ in an address; name=value, name: value and --name value where the name sounds secret
_PASSWORD = re.compile(r"(://)[^/\s@]+@")
_SECRET = re.compile(
    r"(?i)([\w-]*(?:token|passw(?:or)?d|secret|authorization|api[_-]?key|credential)[\w-]*['\"]?(?:\s*[=:]\s*|\s+))"
    r"(?:bearer\s+|basic\s+)?(\"[^\"]*\"|'[^']*'|\S+)"
)


def report(error: Exception, argv: Sequence[str]) -> str:
    """The report's text; passwords and the like in the command and in messages are blanked, the home folder is `~`."""
    lines = [
        f"wrongarch {wrongarch.__version__}",
        f"Python {platform.python_version()} ({platform.python_implementation()}) on {_machine()}",
        "packages: " + ", ".join(f"{name} {_version(name)}" for name in _DEPENDENCIES),
        f"user: {'root' if os.geteuid() == 0 else 'ordinary'}, terminal: {'yes' if sys.stdout.isatty() else 'no'}",
        f"command: {_pasteable(argv)}",
        "",
        "".join(traceback.format_exception(error)).rstrip(),
    ]
    if isinstance(error, WrongarchError) and error.detail:
        lines += ["", error.detail.rstrip()]
    return redact("\n".join(lines)) + "\n"


def one_line(error: Exception) -> str:
    """The error's type and message on one line."""
    text = " ".join(redact("".join(traceback.format_exception_only(error))).split())
    return text if len(text) <= 300 else text[:300] + "…"


def redact(text: str) -> str:
    """Blank what looks like a secret."""
    text = _SECRET.sub(r"\1***", _PASSWORD.sub(r"\1***@", text))
    home = os.path.expanduser("~")  # noqa: PTH111  pathlib raises where there is no home
    return text.replace(home, "~") if len(home) > 1 else text


def save(text: str) -> Path | None:
    """Write the report into the cache folder; its path, None where that is impossible."""
    name = f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}.txt"
    try:
        folder = paths.cache_dir() / "bugs"
        folder.mkdir(exist_ok=True)
        paths.write_atomically(folder / name, text)
    except (WrongarchError, OSError):
        return None
    return folder / name


def _pasteable(argv: Sequence[str]) -> str:
    return process.pasteable(["wrongarch", *argv])


def _machine() -> str:
    """Kernel and distribution. Not `platform.platform()`, which starts a process."""
    kernel = os.uname()
    try:
        distribution = platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        distribution = "a distribution without a name"
    return f"{kernel.sysname} {kernel.release} {kernel.machine}, {distribution}"


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "missing"
