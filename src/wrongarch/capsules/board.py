"""Replay a capsule on another machine of the program's own arch, by ssh(1): the judge that no emulator can be.

The capsule's folder goes there as a tar stream (which needs nothing but tar, whatever it was packed with), `./replay
--native` runs it, and the folder is removed. The other machine needs a POSIX shell, tar and sed.
"""

from __future__ import annotations

import re
import shlex
import tarfile
import tempfile

import msgspec

from wrongarch import process
from wrongarch.capsules.manifest import Test
from wrongarch.capsules.unpacked import Unpacked
from wrongarch.capsules.verdict import Row
from wrongarch.errors import MachineError, UsageError

PREFIX = "ssh:"
_HOST = re.compile(r"(?:[A-Za-z0-9._-]+@)?[A-Za-z0-9][A-Za-z0-9._:-]*")
_ENDING = re.compile(r"^WRONGARCH-(SAME|OTHER|CANNOT) ?(.*)$", re.MULTILINE)
_NOT_STARTED = re.compile(r"NOT as recorded: exit 12[67];")  # sh(1): it could not be executed, or is not there
_SET_UP_SECONDS = 300.0
_SCRIPT = """
d=$(mktemp -d) || exit 3
trap 'rm -rf "$d"' EXIT
cd "$d" && tar xf - || { echo "WRONGARCH-CANNOT cannot unpack"; exit 3; }
i=0
while [ $i -lt TIMES ]; do
    i=$((i + 1))
    ./replay --native NUMBER >/dev/null 2>why
    case $? in
    0) echo WRONGARCH-SAME ;;
    1) echo "WRONGARCH-OTHER $(tail -n 1 why)" ;;
    *) echo "WRONGARCH-CANNOT $(tail -n 1 why)"; exit 3 ;;
    esac
done
"""


def destination(word: str) -> str:
    """user@host of "ssh:user@host". Raises UsageError for anything else."""
    host = word.removeprefix(PREFIX)
    if not word.startswith(PREFIX) or not _HOST.fullmatch(host):
        raise UsageError(f"{word!r} names no board", fix="write ssh:HOST or ssh:USER@HOST")
    return host


def row(capsule: Unpacked, test: Test, host: str, times: int, empty: Row) -> Row:
    """Run a test `times` times over there. Raises MachineError where ssh or the machine cannot do it."""
    number = capsule.manifest.tests.index(test) + 1
    script = _SCRIPT.replace("TIMES", str(times)).replace("NUMBER", str(number))
    words = ["ssh", "-o", "BatchMode=yes", "--", host, f"sh -c {shlex.quote(script)}"]
    patience = _SET_UP_SECONDS + times * test.limits.seconds
    with tempfile.TemporaryFile() as packed:
        _pack(capsule, packed.fileno())
        packed.seek(0)
        done = process.run(words, stdin=packed, timeout=patience, check=False, fix=f"see: ssh {host} uname -m")
    said = _ENDING.findall(done.text)
    cannot = next((why for word, why in said if word == "CANNOT" or _NOT_STARTED.search(why)), "")
    if cannot or not said:
        detail = (done.stderr + done.stdout).decode(errors="replace")[-2000:]
        raise MachineError(f"{host} could not run it: {cannot or 'ssh failed'}", detail=detail, fix=f"try: ssh {host}")
    passed = sum(word == "OTHER" and _passed(why) for word, why in said)
    same = sum(word == "SAME" for word, _ in said)
    other = len(said) - same - passed
    message = next((why for word, why in said if word == "OTHER" and not _passed(why)), "")
    return msgspec.structs.replace(empty, same=same, passed=passed, other=other, message=message, emulator="native")


def _passed(why: str) -> bool:
    """Whether `./replay` saw a test end well: with 0, where another code was recorded."""
    return "NOT as recorded: exit 0;" in why


def _pack(capsule: Unpacked, descriptor: int) -> None:
    """The capsule's folder as a tar stream; without the emulator, of which nothing runs there."""
    with open(descriptor, "wb", closefd=False) as file, tarfile.open(fileobj=file, mode="w|") as archive:
        for name in ("replay", "recorded", "root"):
            archive.add(capsule.folder / name, arcname=name, filter=_plain)


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry
