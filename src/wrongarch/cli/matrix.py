"""The part of `ci/matrix.toml` that the command line needs: what is tested on an arch when nobody says."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

import wrongarch
from wrongarch.errors import UsageError

FILE = Path("ci") / "matrix.toml"


class Defaults(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What holds where an arch says nothing else: the name of a recipe, its suites (empty: all), a QEMU CPU model."""

    recipe: str
    suites: tuple[str, ...] = ()
    cpu: str = ""


class OwnDefaults(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same for one arch; what is not set is as for all. `reason` says why it differs."""

    recipe: str = ""
    suites: tuple[str, ...] = ()
    cpu: str = ""
    reason: str = ""


class Matrix(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole `ci/matrix.toml`; `arch` by our arch names, `arches` are those of the matrix, in order."""

    defaults: Defaults
    arches: tuple[str, ...]
    arch: dict[str, OwnDefaults] = {}

    def of(self, arch: str) -> Defaults:
        """What holds for one arch."""
        own = self.arch.get(arch, OwnDefaults())
        return Defaults(
            recipe=own.recipe or self.defaults.recipe,
            suites=own.suites or (() if own.recipe else self.defaults.suites),
            cpu=own.cpu or self.defaults.cpu,
        )


def load(project: Path) -> Matrix:
    """The matrix of the project, or ours if it has none. Raises UsageError naming the file and the key."""
    package = Path(wrongarch.__file__).parent
    for folder in (project, package.parents[1], package / "shipped"):
        file = folder / FILE
        if file.is_file():
            return read(file)
    raise UsageError(f"there is no {FILE}", fix="name a recipe: --recipe NAME|PATH")


def read(file: Path) -> Matrix:
    """Read and check one matrix."""
    try:
        matrix = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Matrix)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} is no TOML: {error}", fix="see https://toml.io/en/v1.0.0") from error
    except msgspec.ValidationError as error:
        raise UsageError(f"{file}: {error}", fix="correct that key") from error
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}", fix=f"ls -l {file}") from error
    for name in matrix.arch:
        if name not in matrix.arches:
            raise UsageError(f"{file}: arch.{name} is not one of `arches`", fix=f"arches: {', '.join(matrix.arches)}")
    return matrix
