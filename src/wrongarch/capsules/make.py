"""From tests that were looked at to a capsule on disk."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from wrongarch import __version__
from wrongarch.arches.lookup import host_arch
from wrongarch.capsules import facts, members, script
from wrongarch.capsules.capture import Capturer, Taken, gathered
from wrongarch.capsules.frames import Format
from wrongarch.capsules.manifest import (
    FORMAT,
    EmulatorInside,
    Manifest,
    RecipeFacts,
    Test,
)
from wrongarch.capsules.write import SUFFIXES, Piece, Written, write
from wrongarch.recipes import model

EPOCH = 1577836800
"""The time of each member: 2020-01-01. What a capsule is does not depend on when its files were copied."""

_UNSAFE = re.compile(r"[^A-Za-z0-9._+]+")
_LONGEST_NAME = 100


class Maker:
    """Writes capsules of one scene; what is the same in all of them is found out once."""

    def __init__(self, capturer: Capturer) -> None:
        self._capturer = capturer
        self._host = facts.host()
        self._image = facts.image(capturer.scene.spec.root)
        self._revision = facts.revision(_folders(capturer))

    def name(self, tests: Sequence[Test]) -> str:
        """The name of a capsule of these tests, the same for the same tests."""
        recipe, arch = self._capturer.scene.recipe.name, self._capturer.scene.spec.arch.name
        what = f"{tests[0].suite}-{tests[0].test}-{tests[0].mode}" if len(tests) == 1 else "run"
        digest = hashlib.sha256("\n".join(test.id for test in tests).encode()).hexdigest()[:6]
        plain = _UNSAFE.sub("-", f"{recipe}-{arch}-{what}")[:_LONGEST_NAME].strip("-.")
        return f"{plain}-{digest}"

    def write(
        self,
        folder: Path,
        taken: Sequence[Taken],
        *,
        full: bool = False,
        form: Format = "zst",
        progress: Callable[[int], None] = lambda _: None,
    ) -> Written:
        """Write the capsule of some tests into `folder`. Raises what `wrongarch.capsules.write.write` raises."""
        manifest, pieces = self.plan(taken, full=full)
        return write(folder / f"{manifest.name}{SUFFIXES[form]}", manifest, pieces, progress=progress)

    def plan(self, taken: Sequence[Taken], *, full: bool = False) -> tuple[Manifest, list[Piece]]:
        """The manifest (without members) and all members of the capsule of some tests, in the order of their ids.

        Workers end theirs in another order each time; the same tests shall give the same bytes.
        """
        taken = sorted(taken, key=lambda one: one.test.id)
        spec = self._capturer.scene.spec
        root = gathered(self._capturer.guest, taken, full=full).pieces
        pieces = [*root, *self._recorded(taken)]
        tests = tuple(
            msgspec.structs.replace(one.test, seen=msgspec.structs.replace(one.test.seen, output=_output(number)))
            for number, one in enumerate(taken, 1)
        )
        if self._revision.changes:
            pieces.append(Piece(members.CHANGES, "file", 0o644, self._revision.changes))
        emulator = None
        if spec.emulator is not None:
            inside = f"{members.EMULATOR}/qemu-{spec.emulator.target}"
            emulator = EmulatorInside(
                version=spec.emulator.version,
                release=spec.emulator.release,
                target=spec.emulator.target,
                sha256=spec.emulator.sha256,
                member=inside,
                host=host_arch().name,
            )
            pieces += [
                Piece(members.EMULATOR, "folder"),
                Piece(inside, "file", 0o755, spec.emulator.path, lasting=True),
            ]
        manifest = Manifest(
            format=FORMAT,
            name=self.name(tests),
            wrongarch=__version__,
            kind="full" if full else "slim",
            arch=spec.arch.name,
            engine=self._capturer.scene.engine,
            emulator=emulator,
            cpu=spec.cpu if spec.emulator is not None else None,
            flags=spec.flags if spec.emulator is not None else "",
            read_only=_read_only(self._capturer, root),
            recipe=self._recipe(),
            image=self._image,
            host=self._host,
            tests=tests,
            epoch=EPOCH,
            members=(),
        )
        programs = {one.test.id: one.program or one.test.argv[0] for one in taken}
        replay = script.replay_script(manifest, programs, taken[0].loader)
        pieces.append(Piece(members.REPLAY, "file", 0o755, replay.encode(errors="surrogateescape")))
        pieces.append(Piece(members.README, "file", 0o644, script.readme(manifest).encode()))
        return manifest, pieces

    def _recorded(self, taken: Sequence[Taken]) -> list[Piece]:
        outputs = [Piece(_output(number), "file", 0o644, one.output) for number, one in enumerate(taken, 1)]
        return [Piece(members.RECORDED, "folder"), *outputs]

    def _recipe(self) -> RecipeFacts:
        recipe = self._capturer.scene.recipe
        return RecipeFacts(
            name=recipe.name,
            digest=recipe.digest,
            program=recipe.contents.program,
            revision=self._revision.commit,
            changes=members.CHANGES if self._revision.changes else "",
        )


def _output(number: int) -> str:
    return f"{members.RECORDED}/{number}.txt"


def _folders(capturer: Capturer) -> tuple[Path, ...]:
    recipe = capturer.scene.recipe
    source = recipe.contents.source
    more = (recipe.folder / source.path,) if isinstance(source, model.FolderSource) else ()
    return (recipe.folder, *more)


def _read_only(capturer: Capturer, pieces: Sequence[Piece]) -> tuple[str, ...]:
    """Mounts that could not be written to, of which something is in the capsule."""
    there = {piece.path for piece in pieces if piece.kind == "folder"}
    return tuple(
        mount.target for mount in capturer.scene.spec.mounts if not mount.writable and f"root{mount.target}" in there
    )
