from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from tests.support.debs import file, folder, link, write_deb
from tests.support.mirror import Mirror
from wrongarch import process
from wrongarch.arches.lookup import image_arches
from wrongarch.debian import packages
from wrongarch.debian.pool import PoolFile, cached_path
from wrongarch.downloads import NotFoundError
from wrongarch.emulators import pins as pinning
from wrongarch.emulators import store
from wrongarch.emulators.pins import Candidate, Pins, Source
from wrongarch.errors import MachineError, NetworkError, UntrustedInput, UsageError

BINARIES = "usr/bin/qemu-{target}-static"
TARGETS = ("arm", "alpha", "mips", "sh4")


def program(name: str, *kinds: int, bits: int = 64, order: str = "<") -> bytes:
    """An ELF file with segments of these kinds (1 is PT_LOAD, 3 PT_INTERP)."""
    ident = b"\x7fELF" + bytes([bits // 32, 1 if order == "<" else 2, 1]) + bytes(9)
    word = "Q" if bits == 64 else "I"
    size, entry = (64, 56) if bits == 64 else (52, 32)
    rest = struct.pack(
        f"{order}HHI{word}{word}{word}IHHHHHH", 2, 40, 1, 0, size, 0, 0, size, entry, len(kinds), 0, 0, 0
    )
    at = size + entry * len(kinds)
    form, numbers = ("IIQQQQQQ", (at, 0, 0, 11, 11, 0)) if bits == 64 else ("IIIIIIII", (0, 0, 11, 11, 0, 0))
    table = b"".join(struct.pack(order + form, kind, 0 if bits == 64 else at, *numbers) for kind in kinds)
    return ident + rest + table + b"/lib/ld.so\0" + name.encode() * 1000


class Qemu:
    """A mirror with packages of made-up emulators, and the user's pins that name them."""

    def __init__(self, mirror: Mirror, folder: Path) -> None:
        self.mirror, self.folder = mirror, folder
        self.candidates: list[Candidate] = []

    def add(self, version: str, *entries: dict[str, object], suffix: str = ".xz") -> PoolFile:
        made = entries or tuple(file(f"./usr/bin/qemu-{t}-static", program(t + version, 1)) for t in TARGETS)
        path = write_deb(
            self.folder / f"{version}.deb",
            folder("./usr/"),
            *made,
            link("./usr/bin/qemu-armhf-static", "qemu-arm-static"),
            file("./usr/bin/qemu-arm-static.txt"),
            file("./usr/share/doc/x"),
            suffix=suffix,
        )
        pool_file = self.mirror.add_pool(path, "qemu-user-static", version)
        self.candidates.append(Candidate(suite="trixie", binaries=BINARIES, taken=1789199741, file=pool_file))
        self.pin(*self.candidates)
        return pool_file

    def pin(self, *candidates: Candidate) -> None:
        sources = (Source(suite="trixie", package="qemu-user-static", binaries=BINARIES),)
        pins = Pins(format=1, default="99.0", sources={"99.0": sources}, candidates={"99.0": {"amd64": candidates}})
        pinning.write(pins, pinning.user_file())

    @property
    def fetched(self) -> int:
        return sum(path.endswith(".deb") for path in self.mirror.seen)


@pytest.fixture
def qemu(mirror: Mirror, tmp_path: Path) -> Qemu:
    return Qemu(mirror, tmp_path)


def get(target: str = "arm", **options: bool) -> Path:
    emulator = store.get("99.0", target, host="amd64", **options)
    assert hashlib.sha256(emulator.path.read_bytes()).hexdigest() == emulator.sha256
    assert emulator.path.stat().st_mode & 0o777 == 0o755
    return emulator.path


def test_the_emulator_of_a_target_and_those_of_images_are_extracted(qemu: Qemu) -> None:
    package = qemu.add("99.0.1")
    emulator = store.get("99", "alpha", host="amd64")
    assert (emulator.version, emulator.release, emulator.target) == ("99.0", "99.0.1", "alpha")
    assert emulator.path.read_bytes() == program("alpha99.0.1", 1)
    assert emulator.path.parent.name == package.sha256
    expected = {"alpha", *(arch.qemu for arch in image_arches() if arch.qemu in TARGETS)}
    assert {path.name for path in emulator.path.parent.iterdir()} == {*(f"qemu-{t}" for t in expected), "manifest.json"}
    leftovers = [path.name for path in emulator.path.parent.parent.iterdir() if ".tmp-" in path.name]
    assert leftovers == []


def test_another_target_is_added_from_the_package_that_is_there(qemu: Qemu) -> None:
    qemu.add("99.0.1")
    first, second, again = get("arm"), get("sh4"), get("sh4")
    assert first.exists()
    assert second == again
    assert second.read_bytes() == program("sh499.0.1", 1)
    assert qemu.fetched == 1


@pytest.mark.parametrize("target", ["vax", "../arm", "", "armhf", "arm-static", "/etc/passwd"])
def test_unknown_targets_are_listed(qemu: Qemu, target: str) -> None:
    qemu.add("99.0.1")
    with pytest.raises(UsageError, match="has no emulator for") as caught:
        store.get("99.0", target, host="amd64")
    assert caught.value.fix == "use one of: alpha, arm, mips, sh4"
    with pytest.raises(MachineError, match="not packaged for armhf"):
        store.get("99.0", "arm", host="armhf")


def test_candidates_are_tried_in_order_and_what_is_there_stays(qemu: Qemu) -> None:
    lost, kept = qemu.add("99.0.2"), qemu.add("99.0.1")
    content = qemu.mirror.server.bodies.pop(f"/debian/{lost.path}")
    assert get().parent.name == kept.sha256
    qemu.mirror.server.bodies[f"/debian/{lost.path}"] = content
    assert get().parent.name == kept.sha256
    shutil.rmtree(get().parent)
    assert get().parent.name == lost.sha256
    exact = store.get("99.0.1", "mips", host="amd64")
    assert exact.path.parent.name == kept.sha256


def test_a_target_that_only_a_later_candidate_has(qemu: Qemu) -> None:
    qemu.add("99.0.2", file("./usr/bin/qemu-arm-static", program("arm", 1)))
    later = qemu.add("99.0.1")
    assert get("mips").parent.name == later.sha256


def test_a_pin_that_has_left_the_archive(qemu: Qemu) -> None:
    lost = qemu.add("99.0.1")
    content = qemu.mirror.server.bodies.pop(f"/debian/{lost.path}")
    with pytest.raises(NotFoundError, match=r"no pinned package of QEMU 99\.0") as caught:
        get()
    assert "refresh the pins" in caught.value.fix
    qemu.mirror.server.script[f"/debian/{lost.path}"] = ["status:500"]
    with pytest.raises(NetworkError, match="HTTP 500") as other:
        get()
    assert type(other.value) is NetworkError
    qemu.mirror.server.bodies[f"/snap/archive/debian/20260912T075541Z/{lost.path}"] = content
    assert get().exists()


def damage_content(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1] + b"?")


def damage_and_hide(path: Path) -> None:
    before = path.stat()
    damage_content(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def make_link(path: Path) -> None:
    path.rename(path.with_name("moved"))
    path.symlink_to("moved")


@pytest.mark.parametrize(
    "harm",
    [
        damage_content,
        make_link,
        lambda path: path.write_bytes(b""),
        lambda path: path.unlink(),
        lambda path: path.chmod(0o644),
        lambda path: shutil.rmtree(path.parent),
        lambda path: (path.parent / "manifest.json").write_text("{"),
        lambda path: (path.parent / "manifest.json").unlink(),
        lambda path: (path.parent / "manifest.json").write_text('{"package": "x", "targets": [], "binaries": {}}'),
        lambda path: (shutil.rmtree(path.parent), path.parent.touch()),
    ],
    ids=["content", "link", "empty", "gone", "mode", "all", "manifest", "no-manifest", "other-manifest", "file"],
)
def test_damage_is_found_and_repaired(qemu: Qemu, harm: Callable[[Path], object]) -> None:
    qemu.add("99.0.1")
    path = get()
    harm(path)
    assert get() == path
    assert path.read_bytes() == program("arm99.0.1", 1)
    assert not path.is_symlink()
    assert qemu.fetched == 1


def test_damage_that_hides_is_found_when_asked(qemu: Qemu) -> None:
    qemu.add("99.0.1")
    damage_and_hide(get())
    assert store.get("99.0", "arm", host="amd64").path.read_bytes() != program("arm99.0.1", 1)
    get(verify=True)


def test_a_new_time_alone_is_no_damage(qemu: Qemu) -> None:
    """Continuous integration restores caches with other times."""
    package = qemu.add("99.0.1")
    path = get()
    os.utime(path, (1, 1))
    cached_path(package.sha256).unlink()
    inode = path.stat().st_ino
    assert get().stat().st_ino == inode
    assert qemu.fetched == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (program("arm", 1, 3), "needs /lib/ld.so"),
        (program("arm", 1, 3, bits=32, order=">"), "needs /lib/ld.so"),
        (b"#!/bin/sh\n", "cannot be used"),
        (b"\x7fELF", "cannot be used"),
        (b"", "cannot be used"),
        (program("arm", *[1] * 10)[:200], "cannot be used"),
    ],
)
def test_what_is_no_static_program_is_refused(qemu: Qemu, content: bytes, why: str) -> None:
    qemu.add("99.0.1", file("./usr/bin/qemu-arm-static", content))
    with pytest.raises(UntrustedInput, match=why):
        get()
    entries = [path.name for path in (qemu.folder / "cache/emulators").iterdir()]
    assert not [name for name in entries if not name.endswith(".lock")]


def test_static_programs_of_both_sizes_and_orders_are_taken(qemu: Qemu) -> None:
    entries = [
        file(f"./usr/bin/qemu-{name}-static", program(name, 1, 2, bits=bits, order=order))
        for name, bits, order in (("arm", 32, "<"), ("mips", 32, ">"), ("sh4", 64, ">"))
    ]
    qemu.add("99.0.1", *entries)
    assert [get(target).name for target in ("arm", "mips", "sh4")] == ["qemu-arm", "qemu-mips", "qemu-sh4"]


def test_a_damaged_download_is_fetched_again(qemu: Qemu) -> None:
    package = qemu.add("99.0.1")
    path = get()
    shutil.rmtree(path.parent)
    cached_path(package.sha256).write_bytes(b"damaged")
    get()
    assert qemu.fetched == 2


CHILD = """
import sys
from wrongarch.emulators import store
print(store.get("99.0", sys.argv[1], host="amd64").path.read_bytes()[-1000:].decode())
"""


def child(target: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", CHILD, target], stdout=subprocess.PIPE, text=True)


def test_processes_and_threads_at_once(qemu: Qemu) -> None:
    qemu.add("99.0.1")
    children = {target: child(target) for target in TARGETS}
    results: list[Path] = []
    threads = [threading.Thread(target=lambda t=t: results.append(get(t))) for t in TARGETS * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    outputs = {target: process.communicate(timeout=60)[0] for target, process in children.items()}
    assert all(f"{target}99.0.1" in outputs[target] for target in TARGETS)
    assert len(results) == 8
    assert qemu.fetched == 1


def test_a_kill_leaves_a_store_that_works(qemu: Qemu) -> None:
    content = bytes(60_000_000)
    entries = [file(f"./usr/bin/qemu-{name}-static", program(name, 1) + content) for name in ("arm", "mips")]
    package = qemu.add("99.0.1", *entries, suffix=".gz")
    cache = qemu.folder / "cache/emulators"
    running = child("arm")
    for _ in range(2000):
        if list(cache.glob(f"{package.sha256}.tmp-*/package")):
            break
        time.sleep(0.005)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    assert list(cache.glob("*.tmp-*"))
    get()
    assert list(cache.glob("*.tmp-*")) == []


def test_an_entry_of_another_format_is_made_anew(qemu: Qemu) -> None:
    qemu.add("99.0.1")
    manifest = get().parent / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "new": 1}))
    get()
    assert "new" not in json.loads(manifest.read_text())


@pytest.mark.parametrize("version", ["7.2", "10.0", "11.1"])
def test_real_emulators(version: str, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the archive, or the user's cache. A pin that has moved on is refreshed from the index, as a user would."""
    monkeypatch.setenv("WRONGARCH_CONFIG", str(tmp_path / "config"))
    host = store.host_arch().debian
    try:
        emulator = store.get(version, "arm", verify=True)
    except NotFoundError as gone:
        pins = pinning.load()
        indices = []
        for source in pins.sources[version]:
            index = packages.fetch_index(source.suite, host, tmp_path / source.suite)
            named = tuple(file for file in index.packages if file.name == source.package)
            indices.append(msgspec.structs.replace(index, packages=named))
        pinning.write(pinning.refresh_pins(pins, indices), pinning.user_file())
        warnings.warn(f"a pin has left the archive and was refreshed: {gone.what}", stacklevel=1)
        emulator = store.get(version, "arm")
    assert emulator.path.is_relative_to(cache)
    said = process.run([str(emulator.path), "--version"]).text
    assert said.startswith(f"qemu-arm version {version}.")
    assert emulator.release in said
    known = store._read(emulator.path.parent)
    assert known is not None
    if store.host_arch().bits == 64:
        assert {arch.qemu for arch in image_arches()} <= set(known.targets)
        assert len(known.targets) >= 30
