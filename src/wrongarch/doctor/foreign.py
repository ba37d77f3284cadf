"""What programs of another arch meet: a small C program of that arch is run in a session, once for each complaint."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from wrongarch.arches.model import Arch
from wrongarch.doctor.model import Finding, fail, good, skip, warn
from wrongarch.engines.base import Command, Outcome, Session, describe

RECIPE = Path(__file__).with_name("guest")
"""The recipe of the program."""
PROGRAM = "/wrongarch/build/probe"
HERE = "/wrongarch/here"
"""Where the user's folder is seen, read-only."""
OUT = "/wrongarch/out"
"""A folder of the host that can be written to."""
_SECONDS = 60.0
_SKEW = 5.0  # seconds


class Guest(msgspec.Struct, frozen=True, kw_only=True):
    """A session of `arch` in which the program is. `emulated` is false where the host runs the arch itself.

    `out` is the host's folder behind OUT, `owner` the user id that files in it should have. `before` are words put
    before the program; `clock` is the host's time.
    """

    arch: Arch
    session: Session
    emulated: bool
    out: Path
    owner: int
    before: tuple[str, ...] = ()
    clock: Callable[[], float] = time.time

    def run(self, *words: str) -> Outcome:
        """Run the program."""
        return self.session.run(Command(argv=(*self.before, PROGRAM, *words), timeout=_SECONDS))


class ForeignProbe(msgspec.Struct, frozen=True, kw_only=True):
    """A check of another arch: its name, the complaint that it answers, and the function that tries."""

    name: str
    about: str
    look: Callable[[Guest], Finding]


def _said(outcome: Outcome) -> str:
    """The program's line; how it ended where it did not say anything."""
    text = outcome.stdout.decode(errors="replace").strip()
    if outcome.reason == "exit" and outcome.exit_code == 0 and text:
        return text.splitlines()[-1]
    return f"{describe(outcome)} {text}".strip()


def _tried(guest: Guest, word: str, works: str, trouble: Callable[[str], Finding]) -> Finding:
    """Run the program with one word, to which it says "ok", or what went wrong."""
    said = _said(guest.run(word))
    return good(works) if said == "ok" else trouble(said)


def starts(guest: Guest) -> Finding:
    """A program runs, and on what it should."""
    outcome = guest.run("starts")
    said = _said(outcome)
    if said != "ok":
        return fail(
            f"the smallest program of {guest.arch.name} does not run: {said}",
            f"try another QEMU: wrongarch run {guest.arch.name} --emulator 7.2 -- true   (wrongarch emulator list)",
        )
    wanted = "pinned" if guest.emulated else "native"
    if outcome.interpreter != wanted and not (wanted == "native" and outcome.interpreter == "unseen"):
        return fail(
            f"the kernel started something else than the {wanted} way: {outcome.interpreter}",
            "wrongarch doctor --only host-registrations",
        )
    return good(f"a program of {guest.arch.name} runs ({'under the pinned QEMU' if guest.emulated else 'natively'})")


def uname(guest: Guest) -> Finding:
    """`uname -m` is what configure scripts decide by."""
    said = _said(guest.run("uname"))
    if said == guest.arch.uname:
        return good(f"uname -m says {said}")
    return warn(
        f"uname -m says {said}, not {guest.arch.uname}: build scripts may choose another arch",
        f"use the default CPU of {guest.arch.name} (leave --cpu out)",
    )


def setuid(guest: Guest) -> Finding:
    """A setuid program keeps its rights: the C flag of the registration."""
    said = _said(guest.run("setuid"))
    if said == "ok":
        return good("a setuid program gets its owner's rights (sudo works)")
    if said.startswith("no second user id"):
        return skip("inside is a single user id, so there is nobody to become", "sudo apt-get install uidmap")
    return fail(
        f"a setuid program runs without its rights: {said}",
        "register with the flag C: wrongarch binfmt conf --flags POCF",
    )


def readdir(guest: Guest) -> Finding:
    """Inodes and places in a folder have 64 bits on most file systems, which 32-bit readdir cannot take.

    On ext4 it is the places: the kernel gives a 32-bit process shorter ones, but QEMU is a 64-bit process.
    """
    said = {folder: _said(guest.run("list", folder)) for folder in ("/", HERE, OUT)}
    closed = os.strerror(errno.EACCES)  # to root inside, who is nobody outside; that is another matter
    troubles = [f"{folder} ({words})" for folder, words in said.items() if words != "ok" and closed not in words]
    if not troubles:
        return good("32-bit readdir works on the file systems in use" if guest.arch.bits == 32 else "readdir works")
    words = f"folders that programs without 64-bit file offsets cannot list: {', '.join(troubles)}"
    fix = "compile with -D_FILE_OFFSET_BITS=64, or copy what is listed into the root first: cp -r FOLDER /tmp"
    return fail(words, fix) if said["/"] != "ok" else warn(words, fix)


def clock(guest: Guest) -> Finding:
    """The time inside is the time outside: an old seccomp filter makes it 1970."""
    said = _said(guest.run("clock"))
    off = float(said) - guest.clock() if said.lstrip("-").isdigit() else None
    if off is not None and abs(off) <= _SKEW:
        return good("the clock inside is the host's")
    shown = said if off is None else f"it is off by {off:.0f} s"
    return fail(
        f"the clock inside is wrong: {shown}",
        "in a container, update libseccomp2 and the engine on the host, or start it with "
        "--security-opt seccomp=unconfined",
    )


def year_2038(guest: Guest) -> Finding:
    """Files with times after 2038, by the system calls for it; and how wide the arch's own time_t is."""
    said = _said(guest.run("far", OUT))
    if said != "ok":
        return fail(
            f"times after 2038 are lost: {said}",
            "work on another file system (ext4 with 256-byte inodes, XFS with bigtime)",
        )
    width = _said(guest.run("width"))
    if width == "64":
        return good("times after 2038 work, and time_t has 64 bits")
    return warn(
        f"times after 2038 work, but time_t has {width} bits here: programs compiled by default will fail in 2038",
        "compile with -D_TIME_BITS=64 -D_FILE_OFFSET_BITS=64",
    )


def sockets(guest: Guest) -> Finding:
    """A connection over the loopback device, and a name looked up."""
    fix = "in a container, start it with --security-opt seccomp=unconfined; see also: ulimit -n"
    works = "a TCP connection inside works, and names are looked up"
    return _tried(guest, "sockets", works, lambda said: fail(f"sockets do not work inside: {said}", fix))


def reservation(guest: Guest) -> Finding:
    """What memory allocators and JavaScript engines reserve at their start."""
    amount = "512 MiB" if guest.arch.bits == 32 else "64 GiB"
    fix = "unset QEMU_RESERVED_VA; ulimit -v unlimited"
    works = f"{amount} of address space can be reserved inside"
    trouble = f"{amount} of address space cannot be reserved inside"
    return _tried(guest, "reserve", works, lambda said: fail(f"{trouble}: {said}", fix))


def stack(guest: Guest) -> Finding:
    """`ulimit -s` inside, as test harnesses use it."""
    fix = "set it before QEMU starts: env QEMU_STACK_SIZE=67108864 in the recipe's mode"
    works = "a larger `ulimit -s` inside gives a larger stack"
    return _tried(guest, "stack", works, lambda said: warn(f"`ulimit -s` inside has no effect: {said}", fix))


def cpuinfo(guest: Guest) -> Finding:
    """Programs that read their features from /proc/cpuinfo."""
    outcome = guest.session.run(Command(argv=("cat", "/proc/cpuinfo"), timeout=_SECONDS))
    inside = outcome.stdout.decode(errors="replace")
    if not guest.emulated:
        return good("/proc/cpuinfo is this machine's, which runs the programs itself")
    ours = {
        line for line in _lines("/proc/cpuinfo") if line.split(":")[0].strip() in ("model name", "flags", "Features")
    }
    shown = sorted(ours & {line.strip() for line in inside.splitlines()})
    if shown:
        return warn(
            f"/proc/cpuinfo inside shows this machine's CPU ({shown[-1][:60]})",
            "programs should ask getauxval(AT_HWCAP); a file can be mounted over it in a recipe of your own",
        )
    return good("/proc/cpuinfo inside shows the emulated CPU")


def _lines(path: str) -> list[str]:
    try:
        return [line.strip() for line in Path(path).read_text("utf-8", "replace").splitlines()]
    except OSError:
        return []


def ptrace(guest: Guest) -> Finding:
    """Whether a debugger can run inside."""
    fix = "debug from outside: QEMU_GDB=1234 for the program, and gdb-multiarch with `target remote :1234`"
    trouble = "QEMU does not emulate ptrace"
    works = "ptrace works: a debugger can run inside"
    return _tried(guest, "ptrace", works, lambda said: warn(f"no debugger can run inside ({said}): {trouble}", fix))


def ownership(guest: Guest) -> Finding:
    """What is written into folders of the host belongs to the user afterwards."""
    name = f"written-{os.getpid()}"
    guest.session.run(Command(argv=("touch", f"{OUT}/{name}"), timeout=_SECONDS))
    try:
        owner = (guest.out / name).stat().st_uid
    except OSError as error:
        return fail(f"what is written inside does not arrive: {error.strerror}", "wrongarch doctor --only namespaces")
    if owner == guest.owner:
        return good("files written by root inside belong to you outside")
    return fail(
        f"files written inside belong to user {owner} outside, not to {guest.owner}",
        f"sudo chown -R $USER {guest.out.parent}   (and use --engine sandbox, or rootless docker or podman)",
    )


PROBES = (
    ForeignProbe(name="starts", about="QEMU crashes, or something else is started", look=starts),
    ForeignProbe(name="uname", about="uname -m", look=uname),
    ForeignProbe(name="setuid", about="sudo without the C flag", look=setuid),
    ForeignProbe(name="readdir", about="EOVERFLOW on 64-bit inodes", look=readdir),
    ForeignProbe(name="clock", about="clock at 1970", look=clock),
    ForeignProbe(name="year-2038", about="times after 2038", look=year_2038),
    ForeignProbe(name="sockets", about="seccomp breaking sockets, name look-ups", look=sockets),
    ForeignProbe(name="reservation", about="address space inside", look=reservation),
    ForeignProbe(name="stack", about="ulimit -s without effect", look=stack),
    ForeignProbe(name="cpuinfo", about="/proc/cpuinfo shows the host", look=cpuinfo),
    ForeignProbe(name="ptrace", about="ptrace unimplemented (gdb)", look=ptrace),
    ForeignProbe(name="ownership", about="files owned by root after a run", look=ownership),
)
