"""Make a capsule smaller: fewer files and variables, as long as it fails in the same way.

Delta debugging (A. Zeller and R. Hildebrandt, 2002): take away halves, then quarters, and so on, and keep what still
fails alike. Each probe is a root of hard links to the files that are left.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from wrongarch import paths
from wrongarch.capsules import compare, members, script
from wrongarch.capsules.closure import Closure
from wrongarch.capsules.guest import Guest
from wrongarch.capsules.manifest import ROOT, Manifest, Member, Test
from wrongarch.capsules.repro import Options, opened
from wrongarch.capsules.unpacked import Unpacked, choose_emulator, unpacked
from wrongarch.capsules.write import SUFFIXES, Piece, Written, write
from wrongarch.emulators.model import Emulator
from wrongarch.engines.base import Engine
from wrongarch.errors import MachineError, UsageError
from wrongarch.namespaces import ids as id_maps

_MOST_PROBES = 400
_Item = TypeVar("_Item")


class Minimized(msgspec.Struct, frozen=True, kw_only=True):
    """The smaller capsule; counts before and after, and how often the test ran."""

    path: Path
    sha256: str
    files_before: int
    files_after: int
    env_before: int
    env_after: int
    bytes_before: int
    bytes_after: int
    probes: int


def minimize(
    file: Path,
    options: Options,
    engine: Engine,
    into: Path,
    *,
    on_probe: Callable[[str, int], None] = lambda *_: None,
) -> Minimized:
    """Write a smaller capsule of one test beside `into/NAME-min.tar.zst`.

    `on_probe` hears of each run (what is being taken away, how many runs). Raises UsageError if the capsule does not
    fail here as recorded, or holds a test that passed; and what `repro.replay` raises.
    """
    with unpacked(file) as capsule:
        test = capsule.manifest.find(options.test)
        emulator = choose_emulator(capsule, options.emulator, trust=options.trust_emulator).emulator
        probe = _Probe(capsule, test, options, engine, emulator=emulator, on_probe=on_probe)
        entries = [member for member in capsule.manifest.members if member.path.startswith(f"{ROOT}/")]
        if test.seen.passed or not probe.fails(entries, test.env, "nothing"):
            raise UsageError(
                f"{test.id} does not fail here as recorded, so nothing can be taken away",
                fix=f"see how it comes out: wrongarch repro {file}",
            )
        kept = _fewer_files(probe, entries, test)
        env = _fewer_variables(probe, kept, test)
        written = _write(capsule, msgspec.structs.replace(test, env=env), kept, into)
        return Minimized(
            path=written.path,
            sha256=written.sha256,
            files_before=_files(entries),
            files_after=_files(kept),
            env_before=len(test.env),
            env_after=len(env),
            bytes_before=file.stat().st_size,
            bytes_after=written.size,
            probes=probe.count,
        )


def _files(entries: Sequence[Member]) -> int:
    return sum(member.kind != "folder" for member in entries)


def reduce(items: Sequence[_Item], fails: Callable[[list[_Item]], bool]) -> list[_Item]:
    """The smallest list found for which `fails` is still true, taking away parts of `items`; order is kept.

    `fails(items)` has to be true. Every single item of the answer is needed, unless `fails` gave up.
    """
    kept, parts = list(items), 2
    if not kept or fails([]):
        return []
    while len(kept) >= 2:
        size = -(-len(kept) // parts)
        for start in range(0, len(kept), size):
            fewer = kept[:start] + kept[start + size :]
            if fails(fewer):
                kept, parts = fewer, max(parts - 1, 2)
                break
        else:
            if parts >= len(kept):
                break
            parts = min(len(kept), parts * 2)
    return kept


class _Probe:
    """Runs the test with some of its files and variables."""

    def __init__(
        self,
        capsule: Unpacked,
        test: Test,
        options: Options,
        engine: Engine,
        *,
        emulator: Emulator | None,
        on_probe: Callable[[str, int], None],
    ) -> None:
        self.count = 0
        self.capsule = capsule
        self._test = test
        self._options = options
        self._engine = engine
        self._emulator = emulator
        self._on_probe = on_probe
        self._recorded = capsule.recorded(test)

    def fails(self, entries: Sequence[Member], env: dict[str, str], what: str) -> bool:
        """Whether it still fails as recorded."""
        if self.count >= _MOST_PROBES:
            return False
        self.count += 1
        self._on_probe(what, self.count)
        test = msgspec.structs.replace(self._test, env=env)
        with paths.staging(self.capsule.folder.parent, "probe") as folder:
            root = folder / ROOT
            _link(self.capsule.root, root, entries)
            id_maps.give(root, id_maps.choose().owner)
            left = msgspec.structs.replace(self.capsule, folder=folder, manifest=self._manifest(entries))
            with opened(left, test, self._options, self._engine, self._emulator) as bench:
                outcome, report = next(bench.runs(1))
        return compare.compare(self._test, self._recorded, outcome, report).same

    def _manifest(self, entries: Sequence[Member]) -> Manifest:
        folders = {member.path for member in entries if member.kind == "folder"}
        read_only = tuple(path for path in self.capsule.manifest.read_only if f"{ROOT}{path}" in folders)
        return msgspec.structs.replace(self.capsule.manifest, members=tuple(entries), read_only=read_only)


def _link(source: Path, root: Path, entries: Sequence[Member]) -> None:
    root.mkdir()
    for member in entries:
        name = member.path.removeprefix(f"{ROOT}/")
        if member.kind == "folder":
            (root / name).mkdir()
            (root / name).chmod(member.mode)
        elif member.kind == "link":
            (root / name).symlink_to(member.target)
        else:
            os.link(source / name, root / name)
    root.chmod(0o755)


def _fewer_files(probe: _Probe, entries: list[Member], test: Test) -> list[Member]:
    """First what the program does not need to start, in halves; then that as well, for some of it is never used."""
    folders = [member for member in entries if member.kind == "folder"]
    needed = _needed(probe.capsule, test)
    others = [member for member in entries if member.kind != "folder" and member.path not in needed]
    fixed = [member for member in entries if member.kind != "folder" and member.path in needed]

    def with_(chosen: Sequence[Member]) -> list[Member]:
        return sorted((*folders, *chosen), key=lambda member: member.path.encode())

    kept = reduce(others, lambda some: probe.fails(with_((*fixed, *some)), test.env, "files"))
    fixed = reduce(fixed, lambda some: probe.fails(with_((*some, *kept)), test.env, "libraries"))
    return _without_empty(with_((*fixed, *kept)), probe, test)


def _without_empty(entries: list[Member], probe: _Probe, test: Test) -> list[Member]:
    """Without folders that hold nothing, if that is all the same to the test."""
    full = {str(parent) for member in entries if member.kind != "folder" for parent in Path(member.path).parents}
    workplace = {str(path) for path in (Path(f"{ROOT}{test.cwd}"), *Path(f"{ROOT}{test.cwd}").parents)}
    fewer = [member for member in entries if member.kind != "folder" or member.path in full | workplace]
    return fewer if len(fewer) < len(entries) and probe.fails(fewer, test.env, "folders") else entries


def _needed(capsule: Unpacked, test: Test) -> set[str]:
    closure = Closure(Guest(capsule.root), capsule.manifest.machine, test.env)
    closure.add(test.argv[0], test.cwd)
    return {f"{ROOT}{path}" for path in closure.found}


def _fewer_variables(probe: _Probe, kept: list[Member], test: Test) -> dict[str, str]:
    names = reduce(
        sorted(test.env), lambda some: probe.fails(kept, {name: test.env[name] for name in some}, "variables")
    )
    return {name: test.env[name] for name in names}


def _write(capsule: Unpacked, test: Test, kept: list[Member], into: Path) -> Written:
    manifest = capsule.manifest
    output = f"{members.RECORDED}/1.txt"
    smaller = msgspec.structs.replace(test, seen=msgspec.structs.replace(test.seen, output=output))
    folders = {member.path for member in kept if member.kind == "folder"}
    changed = msgspec.structs.replace(
        manifest,
        name=f"{manifest.name[:140]}-min",
        kind="slim",
        tests=(smaller,),
        read_only=tuple(path for path in manifest.read_only if f"{ROOT}{path}" in folders),
        members=(),
    )
    pieces = [Piece(ROOT, "folder"), Piece(members.RECORDED, "folder")]
    pieces.append(Piece(output, "file", 0o644, capsule.recorded(test)))
    pieces += [_piece(capsule, member) for member in kept]
    if manifest.emulator is not None:
        inside = manifest.emulator.member
        pieces += [Piece(members.EMULATOR, "folder"), Piece(inside, "file", 0o755, capsule.folder / inside)]
    if manifest.recipe.changes:
        pieces.append(Piece(members.CHANGES, "file", 0o644, capsule.folder / manifest.recipe.changes))
    closure = Closure(Guest(capsule.root), manifest.machine, test.env)
    closure.add(test.argv[0], test.cwd)
    program = next(iter(closure.programs), test.argv[0])
    replay = script.replay_script(changed, {test.id: program}, closure.loader)
    pieces.append(Piece(members.REPLAY, "file", 0o755, replay.encode(errors="surrogateescape")))
    pieces.append(Piece(members.README, "file", 0o644, script.readme(changed).encode()))
    suffix = SUFFIXES["gz" if capsule.file.name.endswith(".gz") else "zst"]
    if not into.is_dir():
        raise MachineError(f"there is no folder {into}", fix="name one that exists: --output FOLDER")
    return write(into / f"{changed.name}{suffix}", changed, pieces)


def _piece(capsule: Unpacked, member: Member) -> Piece:
    source = capsule.folder / member.path if member.kind == "file" else b""
    return Piece(member.path, member.kind, member.mode, source, member.target)
