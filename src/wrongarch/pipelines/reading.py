"""Find and read `ci/matrix.toml`; what is wrong in it is named with its line and its key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

import wrongarch
from wrongarch.errors import UsageError
from wrongarch.pipelines.lines import line_of, line_of_error
from wrongarch.pipelines.model import Matrix, patterns
from wrongarch.recipes.reading import locate

FILE = Path("ci") / "matrix.toml"
_LONGEST = 1 << 20  # bytes; more is a mistake
_KEY = re.compile(r"^(?P<what>.*) - at `key` in `\$\.?(?P<path>.*)`$", re.DOTALL)
_PATTERN = re.compile(r"expected 'str' matching regex '(?P<pattern>.*?)'(?= at )")
_TOKENS = re.compile(
    r"gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{20,}|gl[a-z]{2,6}-[\w-]{16,}|AKIA[0-9A-Z]{16}|xox[a-z]-[\w-]{10,}"
    r"|pypi-[\w-]{20,}|npm_[A-Za-z0-9]{20,}|-----BEGIN|eyJ[\w-]{10,}\.[\w-]{10,}"
    r"|://[^/\s:@]+:[^/\s@]+@"
)
_SECRET_NAMES = re.compile(
    r"(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|APIKEY|API_KEY|PRIVATE_KEY)(?:_|$)", re.I
)


def load(project: Path) -> Matrix:
    """The matrix of the project, or ours if it has none. Raises UsageError naming the file and the key."""
    return read(find(project))


def find(project: Path) -> Path:
    """The file of the project's matrix, or of ours. Raises UsageError where there is none."""
    package = Path(wrongarch.__file__).parent
    for folder in (project, package.parents[1], package / "shipped"):
        file = folder / FILE
        if file.is_file():
            return file
    raise UsageError(f"there is no {FILE}", fix="name a recipe: --recipe NAME|PATH")


def read(file: Path) -> Matrix:
    """Read and check one matrix. Raises UsageError with the file, the line and the key."""
    try:
        with file.open("rb") as opened:
            raw = opened.read(_LONGEST + 1)
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}", fix=f"ls -l {file}") from error
    if len(raw) > _LONGEST:
        raise UsageError(f"{file} is larger than a matrix can be", fix="check the path")
    try:
        text = raw.decode()
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = f"{file}:{line_of_error(error, text)}"
        raise UsageError(f"{where}: this is no TOML: {error}", fix="see https://toml.io/en/v1.0.0") from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{file} is no TOML: {error}", fix="see https://toml.io/en/v1.0.0") from error
    _refuse_secrets(file, text, data)
    try:
        matrix = msgspec.convert(data, Matrix)
    except msgspec.ValidationError as error:
        raise _explained(file, text, data, str(error)) from error
    _refuse_unlisted(file, text, matrix)
    return matrix


def fault(file: Path, path: str, what: str, fix: str, text: str | None = None) -> UsageError:
    """The error about one key of the matrix, with its line."""
    if text is None:
        text = file.read_text(encoding="utf-8")
    line = line_of(text, path)
    return UsageError(f"{file}{f':{line}' if line else ''}: {path}: {what}", fix=fix)


def _explained(file: Path, text: str, data: dict[str, Any], message: str) -> UsageError:
    key = _KEY.match(message)
    if key:
        table = data
        for step in key["path"].split("."):
            table = table.get(step, {}) if isinstance(table, dict) else {}
        wrong = _wrong_key(table)
        return fault(file, f"{key['path']}.{wrong}", f"{wrong!r} cannot be a key here", "correct that key", text)
    found = locate(message, data, Matrix)
    line = line_of(text, found.path)
    what = _PATTERN.sub(_in_words, found.what)
    return UsageError(f"{file}{f':{line}' if line else ''}: {what}", fix=found.fix)


def _in_words(found: re.Match[str]) -> str:
    """What may stand there, for people, instead of a regular expression."""
    pattern = found["pattern"].encode().decode("unicode_escape")
    words = patterns().get(pattern)
    return f"expected {words}" if words else found[0]


def _wrong_key(table: Any) -> str:
    """The first key that no pattern of names allows."""
    keys = [str(key) for key in table] if isinstance(table, dict) else []
    return next((key for key in keys if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/-]*", key)), keys[0] if keys else "")


def _refuse_secrets(file: Path, text: str, data: dict[str, Any]) -> None:
    """A matrix is committed and shown in logs. The value is not repeated in the message."""
    for path, name, value in _strings(data, ""):
        if _TOKENS.search(value) or (value and _SECRET_NAMES.search(name)):
            what = "this looks like a secret, and the matrix is for everybody to read"
            fix = "take it out, make it invalid where it was issued, and store the new one in the forge's secrets"
            raise fault(file, path, what, fix, text)


def _strings(node: Any, path: str) -> Iterator[tuple[str, str, str]]:
    """(path, last name, text) of every string."""
    if isinstance(node, dict):
        for key, value in node.items():
            inner = f"{path}.{key}" if path else str(key)
            if isinstance(value, str):
                yield inner, str(key), value
            else:
                yield from _strings(value, inner)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            if isinstance(value, str):
                yield f"{path}[{index}]", "", value
            else:
                yield from _strings(value, f"{path}[{index}]")


def _refuse_unlisted(file: Path, text: str, matrix: Matrix) -> None:
    for name in matrix.arch:
        if name not in matrix.arches:
            fix = f"arches: {', '.join(matrix.arches)}"
            raise fault(file, f"arch.{name}", f"{name} is not one of `arches`", fix, text)
