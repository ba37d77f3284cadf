"""A recipe as it is written in `recipe.toml`: what to build in the guest, and which suites to run there.

Times are in seconds, memory in MiB. Strings with `{name}` are templates; `templates.py` lists the names of each place.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from wrongarch.images.spec import ArchImage

PACKAGED = "packaged"
"""The source and the variant of the program that is not built from one of the recipe's sources."""

NAME_PATTERN = r"^[a-z0-9][a-z0-9._-]*$"
Name = Annotated[str, Meta(pattern=NAME_PATTERN, description="lower case letters, digits, . _ -")]
Seconds = Annotated[float, Meta(gt=0)]
Mebibytes = Annotated[int, Meta(gt=0)]
Count = Annotated[int, Meta(ge=0)]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]


class _Edge(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what is read from a file of the user: a key nobody knows is an error."""


class RecipeImage(_Edge, frozen=True, kw_only=True):
    """The image: Debian packages of our own, or (`like`) exactly the image of another recipe."""

    like: Name | None = None
    packages: tuple[str, ...] = ()
    arch: dict[str, ArchImage] = {}
    exclude: tuple[str, ...] = ()


class NoSource(_Edge, frozen=True, kw_only=True, tag_field="kind", tag="none"):
    """Nothing but the files beside the recipe."""


class Edit(_Edge, frozen=True, kw_only=True):
    """A change to one file of an unpacked source: the text `old`, which has to be there, becomes `new`."""

    file: Annotated[str, Meta(pattern=r"^[^/][^\s]*$")]
    old: Annotated[str, Meta(min_length=1)]
    new: str


class DebianSource(_Edge, frozen=True, kw_only=True, tag_field="kind", tag="debian-source"):
    """An upstream archive as Debian carries it, known by its hash.

    `path` lies below the mirror ("pool/main/q/quickjs/….orig.tar.xz"), `size` is in bytes, `strip` counts leading
    path components to drop, as tar(1) does. `taken` is a day on which the archive had it, for when it is only left in
    the archive of snapshots. `edits` are made once, when it is unpacked.
    """

    path: Annotated[str, Meta(pattern=r"^pool/[^\s]+\.tar\.(xz|gz|bz2)$")]
    sha256: Sha256
    size: Annotated[int, Meta(gt=0)]
    strip: Count = 1
    taken: datetime.date | None = None
    edits: tuple[Edit, ...] = ()


class FolderSource(_Edge, frozen=True, kw_only=True, tag_field="kind", tag="folder"):
    """A folder of the user, relative to the recipe's; shown in the guest read-only."""

    path: str


class CheckoutSource(_Edge, frozen=True, kw_only=True, tag_field="kind", tag="checkout"):
    """A folder that the user names on the command line, or by the environment variable `variable`.

    `marker` is a file that each such folder has. It is shown in the guest read-only.
    """

    variable: Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9_]*$")]
    marker: str


Source = NoSource | DebianSource | FolderSource


class Build(_Edge, frozen=True, kw_only=True):
    """How the program is made, in the build folder of the guest.

    A step is a line for sh, or a list of words run as they are. `products` are paths in the build folder that have to
    be there afterwards. `cross` says that the steps use `{cc}`, so that a static program can be made for targets
    without an image. `settings` are names of the steps' own, with the words that stand for them (separated as in a
    shell); users change them (`--set`). `incremental` keeps the folder when steps or settings change: its tools see
    for themselves what is to be made anew.
    """

    steps: tuple[str | tuple[str, ...], ...] = ()
    products: tuple[str, ...] = ()
    env: dict[str, str] = {}
    timeout: Seconds = 7200.0
    cross: bool = False
    settings: dict[str, str] = {}
    incremental: bool = False


class Variant(_Edge, frozen=True, kw_only=True):
    """One way to build a program: `settings` replace those of the build; `arches` limits it to some arches."""

    arches: tuple[str, ...] = ()
    settings: dict[str, str] = {}


class FromSource(_Edge, frozen=True, kw_only=True):
    """Another way to come by a recipe's program: build it from `source`, in the image `image` of `[images]`.

    `variant` is the one of `variants` that is built unless another is asked for, or that is not for the arch: then the
    first one that is.
    """

    description: str = ""
    image: Name
    source: DebianSource | CheckoutSource
    program: Annotated[str, Meta(pattern=r"^/[^\s]+$")]
    build: Build
    variant: Name
    variants: Annotated[dict[str, Variant], Meta(min_length=1)]


class Mode(_Edge, frozen=True, kw_only=True):
    """One way to run each test of a suite; `arches` limits it to some arches (our names), `variants` to some builds.

    Where a program was built from source, `variants` alone says: `arches` is about the packaged one then.
    """

    name: Name
    options: tuple[str, ...] = ()
    env: dict[str, str] = {}
    arches: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()


class _Suite(_Edge, frozen=True, kw_only=True, tag_field="kind"):
    """What all kinds of suites share.

    `minimum`: with fewer executions than that, an unfiltered run is red. `reject` is a regular expression that makes
    an execution fail when its output matches, whatever the exit code. `scratch` gives each execution an empty writable
    folder as its working folder; without it that is the suite's own, read-only one. `arches` limits the suite to some
    arches, `arch_minimum` replaces `minimum` for some; `sources` limits it to some ways to come by the program.
    """

    name: Name
    timeout: Seconds = 60.0
    memory: Mebibytes = 1024
    processes: Annotated[int, Meta(gt=0)] = 256
    retries: Count = 1
    minimum: Count = 1
    arch_minimum: dict[str, int] = {}
    modes: Annotated[tuple[Mode, ...], Meta(min_length=1)] = (Mode(name="default"),)
    env: dict[str, str] = {}
    reject: str = ""
    scratch: bool = False
    arches: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


class ScriptsSuite(_Suite, frozen=True, kw_only=True, tag="scripts"):
    """One file, one test: it passes with exit code 0, and is skipped when its last line is "SKIPPED: why".

    `folder` is relative to the recipe's, or starts with `{source}` or `{build}`. Globs are relative to it.
    """

    folder: str
    pattern: tuple[str, ...] = ("**/*.js",)
    exclude: tuple[str, ...] = ()
    command: Annotated[tuple[str, ...], Meta(min_length=1)] = ("{program}", "{options}", "{test}")


class Test262Suite(_Suite, frozen=True, kw_only=True, tag="test262"):
    """A tree laid out as test262 is: `test/`, `harness/`, front matter in each test.

    Source: https://github.com/tc39/test262/blob/main/INTERPRETING.md. `{includes}` becomes the harness files, each
    after the words of `include_option`. Without a `strict` command, strict variants are written out with the directive
    in front. `exception` finds the name of an uncaught error in the output (group "type"). Tests that need one of
    `skip_features` are skipped.
    """

    __test__ = False  # keeps pytest from collecting it

    folder: str
    pattern: tuple[str, ...] = ("**/*.js",)
    exclude: tuple[str, ...] = ()
    command: Annotated[tuple[str, ...], Meta(min_length=1)] = ("{program}", "{options}", "{includes}", "{test}")
    strict: tuple[str, ...] = ()
    module: tuple[str, ...] = ()
    include_option: tuple[str, ...] = ()
    no_block_options: tuple[str, ...] = ()
    exception: str = r"^(?:Uncaught |Exception: )?(?P<type>[A-Za-z_$][\w$]*)(?::|$)"
    skip_features: tuple[str, ...] = ()


class CommandTest(_Edge, frozen=True, kw_only=True):
    """One command. It passes by its exit code, and by `stdout` (exact) or `match` (regular expression) where given.

    With `results` "tap" or "junit", every test point in its output counts as a test; or in the file `report`, a path
    in the scratch folder.
    """

    name: Annotated[str, Meta(pattern=r"^[^\s/][^\n]*$")]
    command: Annotated[tuple[str, ...], Meta(min_length=1)]
    exit_code: int = 0
    stdout: str | None = None
    match: str = ""
    results: Literal["exit", "tap", "junit"] = "exit"
    report: str = ""


class CommandSuite(_Suite, frozen=True, kw_only=True, tag="command"):
    """Commands, each with its own idea of success."""

    tests: Annotated[tuple[CommandTest, ...], Meta(min_length=1)]
    folder: str = ""


class WebkitSuite(_Suite, frozen=True, kw_only=True, tag="webkit"):
    """JavaScriptCore's own harness, run-javascriptcore-tests of a WebKit checkout: one command that knows all tests.

    `command` gets `options`, which may use the build's settings, then those that say where the program and the results
    are. `product` is the folder of the guest that has the program in `bin`, `wrapper` a program that is put before each
    call of it. A test has `test_timeout` seconds, and is killed `hard_timeout` seconds after that. `timeout`, `memory`
    and `processes` are those of the whole, `test_memory` that of a test that is run again by itself.
    """

    command: Annotated[tuple[str, ...], Meta(min_length=1)] = ("{source}/Tools/Scripts/run-javascriptcore-tests",)
    product: str
    options: tuple[str, ...] = ()
    wrapper: str = ""
    test_timeout: Seconds = 120.0
    hard_timeout: Seconds = 300.0
    test_memory: Mebibytes = 2048
    timeout: Seconds = 7 * 86400.0
    memory: Mebibytes = 1 << 20
    processes: Annotated[int, Meta(gt=0)] = 4096
    retries: Count = 0


Suite = ScriptsSuite | Test262Suite | CommandSuite | WebkitSuite


class Expected(_Edge, frozen=True, kw_only=True):
    """Tests that are known to fail, with the reason; one that starts to pass fails the run.

    `test` is a glob, `regex` a regular expression for the same: the test's path in its suite. An empty `modes`,
    `arches`, `cpu` or `emulator` means all of them; `emulator` is a pin's version ("10.0"), and so do `sources` and
    `variants`. With `sometimes`, the failure depends on time or chance, and passing is as good.
    """

    suite: Name
    test: str = ""
    regex: str = ""
    modes: tuple[str, ...] = ()
    arches: tuple[str, ...] = ()
    cpu: str = ""
    emulator: str = ""
    sources: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    sometimes: bool = False
    reason: Annotated[str, Meta(min_length=1)]


class RecipeFile(_Edge, frozen=True, kw_only=True):
    """A whole `recipe.toml`. `program` is the absolute path, in the guest, of what is tested and has to be emulated.

    `probe` are the arguments of the smallest run of the program: if that dies, no test can tell anything. `sources` are
    other ways to come by the program (`--source NAME`), `images` the images that these are built in. What is written
    at the top level is the way called "packaged", of the variant "packaged".
    """

    name: Name
    description: str = ""
    program: Annotated[str, Meta(pattern=r"^/[^\s]+$")]
    probe: tuple[str, ...] = ()
    image: RecipeImage
    source: Source = NoSource()
    build: Build = Build()
    images: dict[str, RecipeImage] = {}
    sources: dict[str, FromSource] = {}
    suites: Annotated[tuple[Suite, ...], Meta(min_length=1)]
    expected: tuple[Expected, ...] = ()


def schema() -> dict[str, Any]:
    """The JSON Schema of `recipe.toml`, for editors."""
    document = msgspec.json.schema(RecipeFile)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "wrongarch recipe", **document}
