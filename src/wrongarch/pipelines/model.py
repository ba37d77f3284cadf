"""`ci/matrix.toml`: what is tested on which arch, and how a forge runs it.

Every word that ends up in a job is matched against a strict pattern, so that no value can be more than a value there.
Times in minutes, retention in days.
"""

from __future__ import annotations

import functools
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

_NAME = r"[a-z0-9][a-z0-9._-]*"

ArchName = Annotated[str, Meta(pattern=r"^[a-z0-9]+\Z", max_length=32, description="one of our arch names")]
RecipeWord = Annotated[
    str,
    Meta(
        pattern=rf"^(?:\./)?{_NAME}(?:/{_NAME})*\Z",
        max_length=200,
        description="a recipe's name, or its path in the repo",
    ),
]
Name = Annotated[str, Meta(pattern=rf"^{_NAME}\Z", max_length=100, description="lower case letters, digits, . _ -")]
Cpu = Annotated[
    str,
    Meta(pattern=r"^(?:[A-Za-z0-9][A-Za-z0-9._,+=-]*)?\Z", max_length=200, description="a QEMU CPU model, or empty"),
]
Version = Annotated[
    str,
    Meta(pattern=r"^(?:native|[0-9]+(?:\.[0-9]+)*)?\Z", max_length=32, description="a pinned QEMU, native, or empty"),
]
Engine = Annotated[str, Meta(pattern=r"^(?:[a-z][a-z0-9-]*)?\Z", max_length=32, description="an engine, or empty")]
Label = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z", max_length=100, description="a runner label or tag")
]
Branch = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/*-]*\Z", max_length=200, description="a branch or a glob")
]
Cron = Annotated[
    str,
    Meta(
        pattern=r"^(?:[0-9*/,-]+ [0-9*/,-]+ [0-9*/,-]+ [0-9*/,-]+ [0-9*/,-]+)?\Z", description="five cron fields, UTC"
    ),
]
ContainerImage = Annotated[
    str,
    Meta(
        pattern=r"^(?:[a-z0-9][a-z0-9._/:-]*(?:@sha256:[0-9a-f]{64})?)?\Z",
        max_length=300,
        description="an OCI reference",
    ),
]
Repository = Annotated[
    str,
    Meta(
        pattern=r"^(?:[a-z0-9][a-z0-9.-]*(?::[0-9]+)?(?:/[a-z0-9][a-z0-9._-]*)+)?\Z",
        max_length=200,
        description="a repository of a registry, without a tag: registry.example/team/roots",
    ),
]
Reason = Annotated[str, Meta(min_length=3, max_length=500, description="why, for people")]
Shards = Annotated[int, Meta(ge=1, le=999)]
Minutes = Annotated[int, Meta(ge=1, le=2880)]
Days = Annotated[int, Meta(ge=1, le=400)]
VariableName = Annotated[
    str, Meta(pattern=r"^[A-Z][A-Z0-9_]*\Z", max_length=100, description="capital letters, digits, _")
]
VariableValue = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9 ._,:;/=+@%-]*\Z", max_length=500, description="printable, without $ { } and quotes")
]


class _Edge(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what is read from the user's file: a key nobody knows is an error."""


class Defaults(_Edge, frozen=True, kw_only=True):
    """What holds where an arch says nothing else: a recipe, its suites (empty: all), a QEMU CPU model.

    `wrongarch test ARCH` takes these, too.
    """

    recipe: RecipeWord
    suites: tuple[Name, ...] = ()
    cpu: Cpu = ""


class Native(_Edge, frozen=True, kw_only=True):
    """A machine that runs the arch itself: GitHub's runner label, GitLab's tags. `only`: nothing is emulated there."""

    runner: Label | None = None
    tags: tuple[Label, ...] = ()
    only: bool = False


class ArchRow(_Edge, frozen=True, kw_only=True):
    """What differs for one arch; what is not set is as for all. `reason` says why it differs.

    `cpus`, `emulators` and `engines` replace those of `axes`.
    """

    recipe: RecipeWord | None = None
    suites: tuple[Name, ...] = ()
    cpu: Cpu = ""
    reason: str = ""
    cpus: tuple[Cpu, ...] | None = None
    emulators: tuple[Version, ...] | None = None
    engines: tuple[Engine, ...] | None = None
    native: Native | None = None


class Axes(_Edge, frozen=True, kw_only=True):
    """What every arch is tested with: one job for each combination; "" stands for the default.

    The default engine is the sandbox, whatever else a runner may have.
    """

    cpus: Annotated[tuple[Cpu, ...], Meta(min_length=1)] = ("",)
    emulators: Annotated[tuple[Version, ...], Meta(min_length=1)] = ("",)
    engines: Annotated[tuple[Engine, ...], Meta(min_length=1)] = ("",)


class SuiteJobs(_Edge, frozen=True, kw_only=True):
    """How a suite is spread over jobs; `timeout` in minutes for each of them."""

    shards: Shards = 1
    timeout: Minutes | None = None


class Include(_Edge, frozen=True, kw_only=True):
    """One more combination; what is left out is as the arch has it."""

    arch: ArchName
    recipe: RecipeWord | None = None
    suite: Name | None = None
    cpu: Cpu = ""
    emulator: Version = ""
    engine: Engine = ""
    shards: Shards = 1
    timeout: Minutes | None = None
    runner: Label | None = None
    tags: tuple[Label, ...] | None = None


class Selector(_Edge, frozen=True, kw_only=True):
    """Combinations that have all of these; what is left out matches anything. `reason` is for people."""

    arch: ArchName | None = None
    recipe: RecipeWord | None = None
    suite: Name | None = None
    cpu: Cpu | None = None
    emulator: Version | None = None
    engine: Engine | None = None
    reason: Reason


class Triggers(_Edge, frozen=True, kw_only=True):
    """When the pipeline runs: pushes to `push`, pull or merge requests, a schedule (five cron fields, UTC), by hand.

    GitLab keeps schedules outside of the file: there, any schedule runs it.
    """

    push: tuple[Branch, ...] = ("main",)
    pull_request: bool = True
    merge_queue: bool = False
    schedule: Cron = ""
    manual: bool = True


class GitHub(_Edge, frozen=True, kw_only=True):
    """GitHub Actions alone: a runner label or several, the version of Python that runs wrongarch."""

    enabled: bool = True
    runner: Label = "ubuntu-24.04"
    python: Annotated[str, Meta(pattern=r"^3\.[0-9]{2}\Z")] = "3.13"
    attest: bool = True


class GitLab(_Edge, frozen=True, kw_only=True):
    """GitLab CI alone: tags of runners, the image that jobs run in (empty: the runner's own machine).

    `dind` is the service for the engine `docker`.
    """

    enabled: bool = True
    tags: tuple[Label, ...] = ()
    image: ContainerImage = "python:3.13-slim-bookworm"
    dind: ContainerImage = "docker:28-dind"


class Install(_Edge, frozen=True, kw_only=True):
    """Where jobs get wrongarch from.

    `pypi`: that version (empty: the one that generates) from the index. `checkout`: the repository is wrongarch
    itself. `runner`: it is there already.
    """

    source: Literal["pypi", "checkout", "runner"] = "pypi"
    version: Annotated[str, Meta(pattern=r"^(?:[0-9]+(?:\.[0-9]+)*(?:(?:a|b|rc|\.dev|\.post)[0-9]+)*)?\Z")] = ""


class Keep(_Edge, frozen=True, kw_only=True):
    """For how many days a forge keeps what jobs leave."""

    capsules: Days = 30
    results: Days = 30


class Limits(_Edge, frozen=True, kw_only=True):
    """`timeout` of a job in minutes, `parallel` jobs of one matrix at once (0: as many as the forge likes)."""

    timeout: Minutes = 60
    image_timeout: Minutes = 30
    parallel: Annotated[int, Meta(ge=0, le=256)] = 0


class Matrix(_Edge, frozen=True, kw_only=True):
    """A whole `ci/matrix.toml`; `arch` by our arch names, `arches` are those of the matrix, in order.

    `suites` has, by recipe and suite, the suites that get jobs of their own; a recipe that is not there has one job
    with all of its suites. `registry`: image jobs leave their images there, and test jobs get them from there
    instead of building them again.
    """

    defaults: Defaults
    arches: Annotated[tuple[ArchName, ...], Meta(min_length=1)]
    arch: dict[ArchName, ArchRow] = {}
    axes: Axes = Axes()
    suites: dict[RecipeWord, dict[Name, SuiteJobs]] = {}
    include: tuple[Include, ...] = ()
    exclude: tuple[Selector, ...] = ()
    allowed_failures: tuple[Selector, ...] = ()
    triggers: Triggers = Triggers()
    install: Install = Install()
    github: GitHub = GitHub()
    gitlab: GitLab = GitLab()
    keep: Keep = Keep()
    limits: Limits = Limits()
    cache: bool = True
    registry: Repository = ""
    env: dict[VariableName, VariableValue] = {}

    def of(self, arch: str) -> Defaults:
        """What `wrongarch test` takes for one arch."""
        own = self.arch.get(arch, ArchRow())
        return Defaults(
            recipe=own.recipe or self.defaults.recipe,
            suites=own.suites or (() if own.recipe else self.defaults.suites),
            cpu=own.cpu or self.defaults.cpu,
        )


@functools.cache
def patterns() -> dict[str, str]:
    """What the patterns of this module stand for, in words."""
    metas = (meta for kind in globals().values() for meta in getattr(kind, "__metadata__", ()))
    return {meta.pattern: meta.description for meta in metas if meta.pattern and meta.description}


def schema() -> dict[str, Any]:
    """The JSON Schema of `ci/matrix.toml`, for editors. Patterns end with `$`: JSON Schema has no `\\Z`."""
    document = _portable(msgspec.json.schema(Matrix))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "wrongarch matrix", **document}


def _portable(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _pattern(value) if key == "pattern" else _portable(value) for key, value in node.items()}
    return [_portable(item) for item in node] if isinstance(node, list) else node


def _pattern(value: Any) -> Any:
    return value.removesuffix("\\Z") + "$" if isinstance(value, str) and value.endswith("\\Z") else value
