"""The front matter of a test262 test: YAML between `/*---` and `---*/`.

Source: https://github.com/tc39/test262/blob/main/INTERPRETING.md and CONTRIBUTING.md there.
"""

from __future__ import annotations

import re
from typing import Any, Literal

import msgspec
import yaml

Phase = Literal["parse", "early", "resolution", "runtime"]

FLAGS = frozenset(
    (
        *("onlyStrict", "noStrict", "module", "raw"),
        *("async", "generated", "non-deterministic", "CanBlockIsFalse", "CanBlockIsTrue"),
    )
)

_BLOCK = re.compile(r"/\*---(?P<yaml>.*?)---\*/", re.DOTALL)
_INLINE_FLAGS = re.compile(r"^flags:[ \t]*\[(?P<names>[A-Za-z, \t-]*)\][ \t]*$", re.MULTILINE)
_WORD = "flags"
_INCLUDE = re.compile(r"^(?!.*(?:^|/)\.\.(?:/|$))[\w][\w./-]*$")
# libyaml's loader is some ten times faster, and not in every build of PyYAML
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class FrontMatterError(ValueError):
    """The front matter cannot be read; the message says why."""


class Negative(msgspec.Struct, frozen=True, kw_only=True):
    """The test must end with an uncaught error of this type, in this phase."""

    phase: Phase
    type: str


class _Fields(msgspec.Struct, frozen=True, kw_only=True):
    """What we read of the front matter; tests carry other keys for people."""

    includes: tuple[str, ...] | None = None
    flags: tuple[str, ...] | None = None
    features: tuple[str, ...] | None = None
    negative: Negative | None = None


class FrontMatter(msgspec.Struct, frozen=True, kw_only=True):
    """How a test wants to be run."""

    includes: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()
    features: tuple[str, ...] = ()
    negative: Negative | None = None


def read_front_matter(source: str) -> FrontMatter:
    """The front matter of a test's source; the empty one where there is none. Raises FrontMatterError."""
    block = _BLOCK.search(source)
    if block is None:
        if "/*---" in source:
            raise FrontMatterError("the front matter has no end (---*/)")
        return FrontMatter()
    try:
        data = yaml.load(block["yaml"], Loader=_LOADER)  # noqa: S506 - a safe loader, chosen above
        fields = msgspec.convert({} if data is None else data, _Fields)
    except yaml.YAMLError as error:
        raise FrontMatterError(f"the front matter is no YAML: {' '.join(str(error).split())}") from error
    except (msgspec.ValidationError, ValueError, RecursionError) as error:
        raise FrontMatterError(f"the front matter is wrong: {error}") from error
    unknown = sorted(set(fields.flags or ()) - FLAGS)
    if unknown:
        raise FrontMatterError(f"unknown flag {unknown[0]!r}")
    outside = [name for name in fields.includes or () if not _INCLUDE.match(name)]
    if outside:
        raise FrontMatterError(f"include {outside[0]!r} is no path below harness/")
    return FrontMatter(
        includes=fields.includes or (),
        flags=frozenset(fields.flags or ()),
        features=fields.features or (),
        negative=fields.negative,
    )


def read_flags(source: str) -> frozenset[str]:
    """Only the flags: fast for what nearly all tests look like, since a plan needs them of every test."""
    found = _BLOCK.search(source)
    block = found["yaml"] if found is not None else source
    if found is not None and _WORD not in block:
        return frozenset()
    inline = _INLINE_FLAGS.findall(block)
    if found is not None and len(inline) == 1 and block.count(_WORD) == 1:
        names = frozenset(name.strip() for name in inline[0].split(",") if name.strip())
        if names <= FLAGS:
            return names
    return read_front_matter(source).flags
