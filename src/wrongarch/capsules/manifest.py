"""The manifest of a capsule: `capsule.json`, the first file in it. All that is known of the failure, and each member.

Nothing in it depends on when or how fast it was captured, so that one failure captured twice gives the same bytes.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from wrongarch import documents
from wrongarch.arches import lookup
from wrongarch.arches.model import Arch
from wrongarch.engines.base import Outcome, Reason
from wrongarch.errors import UntrustedInput, UsageError

FORMAT = 1
NAME = "capsule.json"
ROOT = "root"
"""The folder in a capsule that is `/` for the program."""

LARGEST_MANIFEST = 64 << 20
MOST_MEMBERS = 250_000
MOST_TESTS = 1000
LARGEST_MEMBER = (8 << 30) - 1  # what the size field of a tar header holds
LARGEST_TOTAL = 16 << 30
LONGEST_PATH = 4000

Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Word = Annotated[str, Meta(max_length=200)]
Text = Annotated[str, Meta(max_length=1 << 16)]
Pattern = Annotated[str, Meta(max_length=2000)]
Path = Annotated[str, Meta(min_length=1, max_length=LONGEST_PATH)]
MaybePath = Annotated[str, Meta(max_length=LONGEST_PATH)]
"""A path, or "" for none."""
Label = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,150}\Z")]
"""A capsule's name, which is the name of a folder."""
Count = Annotated[int, Meta(ge=0, le=1 << 40)]


class _Edge(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what is read from a stranger's file: what nobody knows is an error."""


class Member(_Edge, frozen=True, kw_only=True, omit_defaults=True):
    """One entry of the archive but the manifest itself. `path` is relative to the capsule, with slashes.

    `mode` holds permission bits (and the sticky bit of a folder), `size` bytes, `sha256` that of a file's content,
    `target` where a link leads: always relative, never out of the folder `root`.
    """

    path: Path
    kind: Literal["file", "folder", "link"]
    mode: Annotated[int, Meta(ge=0, le=0o1777)] = 0
    size: Annotated[int, Meta(ge=0, le=LARGEST_MEMBER)] = 0
    sha256: str = ""
    target: Annotated[str, Meta(max_length=LONGEST_PATH)] = ""


class Limits(_Edge, frozen=True, kw_only=True):
    """What the test may use: `seconds` of wall time, `memory` in bytes of resident memory, `processes` at once."""

    seconds: Annotated[float, Meta(gt=0, le=604800)]
    memory: Annotated[int, Meta(gt=0, le=1 << 44)]
    processes: Annotated[int, Meta(gt=0, le=1 << 22)]


class Expected(_Edge, frozen=True, kw_only=True, omit_defaults=True):
    """What passing means, as the suite has it.

    `exit_code` None: any but 0 (a negative test, which has to throw `throws`, found by the regular expression `thrown`
    in its group "type"). `stdout` is the exact text; `match` has to be found in the output, `reject` must not be; so
    must `contains` (a plain text) and not `lacks`. With `results` "tap" or "junit" no point of the report may fail,
    which is printed, or written to `report` in the working folder.
    """

    exit_code: int | None = 0
    stdout: Text | None = None
    match: Pattern = ""
    reject: Pattern = ""
    contains: Text = ""
    lacks: Text = ""
    throws: Word = ""
    thrown: Pattern = ""
    results: Literal["exit", "tap", "junit"] = "exit"
    report: MaybePath = ""


class Seen(_Edge, frozen=True, kw_only=True):
    """How the test ended when it was captured.

    `message` says what was wrong in one line; `output` is the member that holds what it printed (both streams),
    with addresses, process numbers and times replaced by words, and secrets removed. `again`: whether it came out the
    same when it was run a second time for the capsule, None where it was not.
    """

    reason: Reason
    exit_code: int | None = None
    signal: int | None = None
    passed: bool = False
    message: Text = ""
    output: Path
    again: bool | None = None


class Test(_Edge, frozen=True, kw_only=True):
    """One test. Paths are the guest's; `env` is the whole environment, `cwd` is empty and writable or as captured."""

    __test__ = False  # keeps pytest from collecting it

    id: Text
    suite: Word
    test: Text
    mode: Word
    argv: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=4096)]
    env: Annotated[dict[Word, Text], Meta(max_length=1000)]
    cwd: Path
    limits: Limits
    expected: Expected
    seen: Seen


class EmulatorInside(_Edge, frozen=True, kw_only=True):
    """The emulator that the failure was seen under, which is also inside: `member`, for machines of arch `host`."""

    version: Word
    release: Word
    target: Word
    sha256: Sha256
    member: Path
    host: Word


class ImageFacts(_Edge, frozen=True, kw_only=True):
    """The image: digests of its lock and of its contents, and its name in a registry, "" where it is not known."""

    lock: Word = ""
    digest: Word = ""
    registry: Text = ""


class RecipeFacts(_Edge, frozen=True, kw_only=True):
    """What was tested: the recipe by its name and the digest of its file, the program, and the source's revision.

    `revision` is the commit of the checkout that the recipe lies in, `changes` the member with what differs from it.
    """

    name: Word
    digest: Word
    program: Text
    revision: Word = ""
    changes: MaybePath = ""


class HostFacts(_Edge, frozen=True, kw_only=True):
    """The machine of the capture; `memory` in MiB."""

    arch: Word
    kernel: Word
    cpu: Word
    cpus: int
    memory: Count


class Manifest(_Edge, frozen=True, kw_only=True):
    """A whole `capsule.json`.

    `kind` "slim": only files that the tests need; "full": the whole root. `cpu` is the CPU model that is emulated,
    `flags` are those of the binfmt_misc record. `read_only` are folders of the guest that could not be written to.
    `epoch` is the time of each member (UNIX time).
    """

    format: int
    name: Label
    wrongarch: Word
    kind: Literal["slim", "full"]
    arch: Word
    engine: Word
    emulator: EmulatorInside | None
    cpu: Word | None
    flags: Annotated[str, Meta(pattern=r"^[POCF]{0,4}\Z")]
    read_only: Annotated[tuple[Path, ...], Meta(max_length=100)] = ()
    recipe: RecipeFacts
    image: ImageFacts
    host: HostFacts
    tests: Annotated[tuple[Test, ...], Meta(min_length=1, max_length=MOST_TESTS)]
    epoch: Annotated[int, Meta(ge=0, lt=1 << 33)]
    members: Annotated[tuple[Member, ...], Meta(max_length=MOST_MEMBERS)]

    @property
    def machine(self) -> Arch:
        """The arch that the program is for. Raises UntrustedInput for a name that is none."""
        try:
            return lookup.find(self.arch)
        except UsageError as error:
            raise UntrustedInput(f"the capsule is for an arch that is not known: {self.arch!r}") from error

    def find(self, wanted: str = "") -> Test:
        """A test by its id, its number from 1, or a unique part of its id; the first for "". Raises UsageError."""
        if not wanted:
            return self.tests[0]
        if wanted.isdecimal() and 1 <= int(wanted) <= len(self.tests):
            return self.tests[int(wanted) - 1]
        found = [test for test in self.tests if test.id == wanted] or [test for test in self.tests if wanted in test.id]
        if len(found) != 1:
            listed = "\n".join(f"  {number}  {test.id}" for number, test in enumerate(self.tests, 1))
            what = "no test" if not found else f"{len(found)} tests"
            raise UsageError(f"{what} of the capsule fits {wanted!r}", fix="give one of these", detail=listed)
        return found[0]


def seen_of(outcome: Outcome, *, passed: bool, message: str, output: str, again: bool | None) -> Seen:
    """What a manifest keeps of an outcome."""
    return Seen(
        reason=outcome.reason,
        exit_code=outcome.exit_code,
        signal=outcome.signal if outcome.reason == "signal" else None,
        passed=passed,
        message=message[:1000],
        output=output,
        again=again,
    )


def encode(manifest: Manifest) -> bytes:
    """The bytes of `capsule.json`: keys in the order of the model, one line for each member."""
    text = msgspec.json.format(msgspec.json.encode(msgspec.structs.replace(manifest, members=())), indent=1)
    head, tail = text.rsplit(b"[]", 1)
    members = b",\n  ".join(msgspec.json.encode(member) for member in manifest.members)
    return head + (b"[\n  " + members + b"\n ]" if members else b"[]") + tail + b"\n"


def decode(raw: bytes) -> Manifest:
    """Read `capsule.json`. Raises UntrustedInput that names the key that is wrong; `members` are checked elsewhere."""
    if len(raw) > LARGEST_MANIFEST:
        raise UntrustedInput(f"its {NAME} has {len(raw) >> 20} MiB; at most {LARGEST_MANIFEST >> 20} are read")
    try:
        version = documents.decode(raw, _Version).format
        if version != FORMAT:
            raise UntrustedInput(
                f"the capsule has format {version}; this wrongarch reads format {FORMAT}",
                fix="use a newer wrongarch" if version > FORMAT else "capture the failure again",
            )
        return documents.decode(raw, Manifest)
    except documents.DamagedError as error:
        raise UntrustedInput(f"its {NAME} is wrong: {error}") from error


class _Version(msgspec.Struct):
    format: Annotated[int, Meta(ge=0, le=1 << 30)]


def schema() -> dict[str, Any]:
    """The JSON Schema of `capsule.json`."""
    document = msgspec.json.schema(Manifest)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "wrongarch capsule", **document}
