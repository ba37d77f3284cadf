"""The kernel itself, and the programs that read binfmt.d, judge what we write; QEMU runs a program for every target.

All of it in a user namespace of the test's own, by other means than the package's (unshare(1), sh): nothing is
registered on the machine.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.support.programs import EXIT_CODE, exit_program
from wrongarch.arches import elf
from wrongarch.arches.lookup import all_arches, find, host_arch, runs_natively
from wrongarch.arches.model import Arch
from wrongarch.debian import debs, pool
from wrongarch.emulators import conf, pins, records
from wrongarch.emulators.records import Entry, Record
from wrongarch.errors import UsageError

pytestmark = pytest.mark.usefixtures("requires_namespaces")

BINFMT = "/proc/sys/fs/binfmt_misc"
SYSTEMD = [Path("/usr/lib/systemd/systemd-binfmt"), Path("/lib/systemd/systemd-binfmt")]
# What OpenRC's sh/binfmt.sh does with a file, in our words; $1 is the file.
OPENRC = f"""
while read -r line; do
    case $line in '#'* | ';'*) continue ;; esac
    name=${{line#*:}}
    name=${{name%%:*}}
    if [ -e "{BINFMT}/$name" ]; then echo -1 > "{BINFMT}/$name"; fi
    echo "$line" > {BINFMT}/register || exit 1
done < "$1"
"""
# Reads a list of lines (Latin-1) and prints what became of each: the kernel's error, or the entry's text.
REGISTER = f"""
import json, os, sys
told = []
for name, line in json.load(sys.stdin):
    try:
        with open("{BINFMT}/register", "wb", buffering=0) as file:
            file.write(line.encode("latin-1"))
        with open(os.path.join("{BINFMT}", name), "rb") as file:
            told.append(file.read().decode("utf-8", "surrogateescape"))
    except OSError as error:
        told.append(error.strerror)
json.dump(told, sys.stdout)
"""


def alone(script: str, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run a shell script in namespaces of its own, where binfmt_misc is its own too; words are $1, $2 …"""
    mount = f"mount -t binfmt_misc binfmt_misc {BINFMT} && "
    return subprocess.run(
        ["unshare", "-Urmpf", "--mount-proc", "sh", "-c", mount + script, "sh", *words],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def entries_after(script: str, *words: str) -> dict[str, Entry]:
    """Every entry that is registered after `script`, as our reader understands the kernel's text."""
    show = f"""
        for entry in {BINFMT}/*; do
            case $entry in */register | */status) continue ;; esac
            echo "@${{entry##*/}}"
            cat "$entry"
        done"""
    done = alone(f"{{ {script}\n }} && {show}", *words)
    assert done.returncode == 0, done.stderr
    texts = [text.partition("\n") for text in done.stdout.split("@")[1:]]
    return {name: records.parse_entry(name, text) for name, _, text in texts}


def told_by_kernel(lines: Sequence[tuple[str, bytes]]) -> list[str]:
    document = json.dumps([(name, line.decode("latin-1")) for name, line in lines])
    done = alone('exec "$1" -c "$2"', sys.executable, REGISTER, stdin=document)
    assert done.returncode == 0, done.stderr
    told: list[str] = json.loads(done.stdout)
    return told


def as_entry(record: Record) -> Entry:
    return Entry(
        name=record.name,
        enabled=True,
        interpreter=record.interpreter,
        flags=record.flags,
        offset=record.offset,
        magic=record.magic,
        mask=record.mask,
    )


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Entry]]:
    """A binfmt.d file for every target there is, and what it should come to. The emulators are stand-ins."""
    folder = tmp_path_factory.mktemp("emulators")
    folder.chmod(0o755)
    chosen = conf.targets([], host_arch(), everything=True)
    for arch in chosen:
        shutil.copy("/bin/true", conf.interpreter_for(arch, f"{folder}/qemu-{{target}}"))
    text = conf.conf(chosen, "openrc", interpreter=f"{folder}/qemu-{{target}}")
    assert conf.conf(chosen, "systemd", interpreter=f"{folder}/qemu-{{target}}").count("\n:") == text.count("\n:")
    path = folder / "wrongarch.conf"
    path.write_text(text)
    lines = [line for line in text.splitlines() if line.startswith(":")]
    return path, {entry.name: entry for entry in (as_entry(records.parse(line.encode())) for line in lines)}


def test_the_kernel_takes_every_line(file: tuple[Path, dict[str, Entry]]) -> None:
    path, expected = file
    write = f"""grep -v '^#' "$1" | while IFS= read -r line; do printf %s "$line" > {BINFMT}/register || exit 1; done"""
    assert entries_after(write, str(path)) == expected
    assert len(expected) >= 30


@pytest.mark.parametrize("shell", [shell for shell in ("sh", "bash", "busybox sh") if shutil.which(shell.split()[0])])
def test_openrc_takes_the_file_twice(shell: str, file: tuple[Path, dict[str, Entry]]) -> None:
    """In every shell that is here: each has its own idea of what `echo` does with a backslash."""
    path, expected = file
    run = f"{shell} -c '{OPENRC.replace(chr(39), chr(34))}' sh \"$1\""
    assert entries_after(f"{run} && {run}", str(path)) == expected


def test_systemd_takes_the_file_twice(file: tuple[Path, dict[str, Entry]]) -> None:
    program = next((path for path in SYSTEMD if path.exists()), None)
    if program is None:
        pytest.skip("there is no systemd-binfmt on this machine")
    path, expected = file
    assert entries_after(f'{program} "$1" && {program} "$1"', str(path)) == expected


def random_record(number: int, dice: random.Random) -> Record:
    size = dice.randint(1, 128)
    spelling = "abcXYZ019-_.:,|%@^~+= ;#\\'\"$`ü\udcff"
    mask = b"" if dice.random() < 0.3 else dice.randbytes(size)
    return Record(
        name=f"r{number}{dice.choice(['', ':', ',', '|', 'ü'])}",
        interpreter="/" + "".join(dice.choices(spelling, k=dice.randint(1, 40))),
        magic=dice.randbytes(size),
        mask=mask,
        offset=dice.randint(0, records.MATCHED_BYTES - size),
        flags=dice.choice(["", "P", "O", "OC", "PO", "POC"]),  # F would need the file
    )


def test_the_kernel_reads_any_record_as_we_do() -> None:
    dice = random.Random(20260501)
    made: list[tuple[Record, bytes]] = []
    while len(made) < 300:
        record = random_record(len(made), dice)
        try:
            made.append((record, records.render(record)))
        except UsageError:  # uses up every delimiter
            continue
    told = told_by_kernel([(record.name, line) for record, line in made])
    for (record, line), text in zip(made, told, strict=True):
        assert records.parse_entry(record.name, text) == as_entry(record), line
        assert records.parse(line) == record


def test_the_kernels_limits_are_ours() -> None:
    whole = b":x:M::" + b"m" * records.MATCHED_BYTES + b"::/q:"
    cases = {
        whole: True,
        b":y:M::" + b"m" * (records.MATCHED_BYTES + 1) + b"::/q:": False,
        b":z:M:255:m::/q:": True,
        b":w:M:256:m::/q:": False,
        b":v:M::m::/q:Q": False,
        b":u:M::m:mm:/q:": False,
        rb":t:M::\xg0::/qqq:": False,
        b":s:M::m::/qqqq": False,
    }
    told = told_by_kernel([(line[1:2].decode(), line) for line in cases])
    assert [text.startswith("enabled") for text in told] == list(cases.values())
    for line, taken in cases.items():
        if taken:
            assert records.parse(line).name == line[1:2].decode()
        else:
            with pytest.raises(Exception, match=r"record|binfmt_misc"):
                records.parse(line)


def test_the_machines_own_arch_registered_stops_everything(tmp_path: Path) -> None:
    """Why `conf.targets` refuses it. In a namespace of its own nobody else is hurt."""
    host = host_arch()
    stand_in = tmp_path / "qemu"
    shutil.copy("/bin/true", stand_in)
    tmp_path.chmod(0o755)
    line = records.render(records.make_record(host, str(stand_in))).decode()
    done = alone(f'printf %s "$1" > {BINFMT}/register; /bin/true && echo started', line)
    assert "started" not in done.stdout
    with pytest.raises(UsageError):
        conf.targets([host], host)


@pytest.fixture(scope="module")
def emulators(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[str]:
    """All emulators of the default pin, in one pass over its package; a path with {target}."""
    assert cache.exists()
    known = pins.load()
    candidates = pins.resolve(known, known.default, host_arch().debian)[1]
    taken = candidates[0]
    package = pool.fetch_pool([taken.file], taken=taken.taken)[taken.file.sha256]
    head = taken.binaries.partition(conf.TARGET)[0]
    folder = tmp_path_factory.mktemp("qemu")
    folder.chmod(0o755)
    debs.extract(package, folder, select=lambda member: member.kind == "file" and member.name.startswith(head))
    yield f"{folder}/{taken.binaries}"
    shutil.rmtree(folder)  # 400 MB, which pytest would keep for three runs


def test_every_target_runs_through_its_own_record_and_cpu_model(emulators: str, tmp_path: Path) -> None:
    """With all records there at once, each program starts on its own emulator, which takes the table's CPU model."""
    host = host_arch()
    tmp_path.chmod(0o755)
    tried = [arch for arch in all_arches() if arch.qemu != host.qemu]
    text = conf.conf(conf.targets(tried, host), interpreter=emulators)
    (tmp_path / "conf").write_text("\n".join(line for line in text.splitlines() if line.startswith(":")) + "\n")
    for arch in all_arches():
        program = tmp_path / arch.name
        program.write_bytes(exit_program(arch))
        program.chmod(0o755)
    # the host kernel starts none but the host's own; then all are registered, and start
    script = f"""
        cd "$1"
        while IFS= read -r line; do printf %s "$line" > {BINFMT}/register || exit 1; done < conf
        shift
        for pair; do
            program=${{pair%%=*}}
            QEMU_CPU=${{pair#*=}}
            if [ -n "$QEMU_CPU" ]; then export QEMU_CPU; else unset QEMU_CPU; fi
            said=$("./$program" 2>&1)
            echo "$program $? $said"
        done"""
    done = alone(script, str(tmp_path), *(f"{arch.name}={arch.cpu or ''}" for arch in tried))
    assert done.returncode == 0, done.stderr
    said = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    assert said == {arch.name: f"{EXIT_CODE} " for arch in tried}


def test_without_records_the_host_starts_no_program_of_others(tmp_path: Path) -> None:
    host = host_arch()
    foreign = [arch for arch in all_arches() if arch.bits != host.bits or arch.machine != host.machine]
    foreign = [arch for arch in foreign if not runs_natively(arch, host)]
    for arch in foreign:
        program = tmp_path / arch.name
        program.write_bytes(exit_program(arch))
        program.chmod(0o755)
    done = alone(
        'cd "$1"; shift; for one; do "./$one" 2>/dev/null; echo "$one $?"; done', str(tmp_path), *names(foreign)
    )
    assert set(done.stdout.split()[1::2]) == {"126"}


def names(arches: Sequence[Arch]) -> list[str]:
    return [arch.name for arch in arches]


def test_qemus_own_programs_are_what_the_host_is(emulators: str) -> None:
    for target in ("arm", "mips64el", "sparc32plus"):
        path = Path(emulators.replace(conf.TARGET, target))
        found = elf.identify(path.read_bytes()[:64])
        assert found == host_arch()
        assert elf.interpreter_of(path) is None
    assert find("mips").qemu == "mipsel"
