"""What is registered on the host for everybody, by whom, and whether it will be there after a reboot."""

from __future__ import annotations

import re
import time

from wrongarch.arches.lookup import host_arch, image_arches, runs_natively
from wrongarch.doctor.model import Finding, Machine, Probe, fail, good, warn
from wrongarch.emulators import registrations
from wrongarch.emulators.registrations import Registration

_MOUNT = "/proc/sys/fs/binfmt_misc"
_CONTROL = ("register", "status")
_CONF = ("/etc/binfmt.d", "/run/binfmt.d", "/usr/local/lib/binfmt.d", "/usr/lib/binfmt.d", "/var/lib/binfmts")
_SHOWN = 3


def host_registrations(machine: Machine) -> Finding:
    """Entries of the host that concern foreign programs: stale ones, disabled ones, rivals, missing flags."""
    found = _registered(machine)
    if not found:
        return good("nothing foreign is registered on this host, and wrongarch needs nothing: it registers privately")
    if machine.read(f"{_MOUNT}/status") == "disabled":
        return warn(
            "binfmt_misc is switched off, so no registration of the host counts (private ones do)",
            f"echo 1 | sudo tee {_MOUNT}/status",
        )
    faulty = [one for one in found if one.faults]
    broken = next((one for one in faulty if any(fault.startswith("stale") for fault in one.faults)), None)
    if broken is not None:
        return fail(_sentence(broken), f"echo -1 | sudo tee {_MOUNT}/{broken.entry.name}")
    if faulty:
        more = f" (and {len(faulty) - 1} more)" if len(faulty) > 1 else ""
        return warn(_sentence(faulty[0]) + more, _remedy(faulty[0]))
    names = ", ".join(_aged(machine, one) for one in found[:_SHOWN])
    rest = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return good(f"registered with flags that do: {names}{rest}")


def _registered(machine: Machine) -> tuple[Registration, ...]:
    folder = machine.path(_MOUNT)
    texts = {}
    for entry in sorted(folder.iterdir()) if folder.is_dir() else ():
        text = machine.read(f"{_MOUNT}/{entry.name}") if entry.name not in _CONTROL else ""
        if text:
            texts[entry.name] = text
    host = host_arch()
    foreign = [arch for arch in image_arches() if not runs_natively(arch, host)]
    return registrations.read(texts, foreign, lambda path: machine.path(path).exists())


def _sentence(one: Registration) -> str:
    return f"{one.entry.name} ({one.owner}) for {', '.join(one.arches) or '?'}: {'; '.join(one.faults)}"


def _remedy(one: Registration) -> str:
    name = one.entry.name
    if not one.entry.enabled:
        return f"echo 1 | sudo tee {_MOUNT}/{name}"
    if any(fault.startswith("conflict") for fault in one.faults):
        return f"keep one of them: echo -1 | sudo tee {_MOUNT}/{name}"
    arch = one.arches[0] if one.arches else "ARCH"
    return f"wrongarch binfmt conf {arch} --output wrongarch.conf   (records with the flags POCF, for /etc/binfmt.d)"


def _aged(machine: Machine, one: Registration) -> str:
    """With its age: entries are files that the kernel dates when they are made."""
    try:
        days = (time.time() - machine.path(f"{_MOUNT}/{one.entry.name}").stat().st_mtime) / 86400
    except OSError:
        return one.entry.name
    return f"{one.entry.name} [{one.entry.flags or '-'}, {days:.0f} days old]"


def reboot(machine: Machine) -> Finding:
    """Registrations made by hand or by a container are gone after a reboot; those of files come back."""
    there = {one.entry.name for one in _registered(machine)}
    written = _written(machine)
    missing = sorted(name for name in written if name not in there and name.startswith("qemu-"))
    if missing:
        return warn(
            f"written down for the boot, but not registered now: {', '.join(missing[:_SHOWN])}",
            "sudo systemctl restart systemd-binfmt",
        )
    passing = sorted(there - written)
    if passing:
        return warn(
            f"registered, but gone after a reboot: {', '.join(passing[:_SHOWN])}",
            "wrongarch binfmt conf --output wrongarch.conf; sudo install -D -m 644 -t /etc/binfmt.d wrongarch.conf",
        )
    return good("nothing here depends on a registration that a reboot would take away")


def _written(machine: Machine) -> set[str]:
    """Names that binfmt.d(5) files and binfmt-support register."""
    names = set()
    for place in _CONF:
        folder = machine.path(place)
        for file in sorted(folder.iterdir()) if folder.is_dir() else ():
            if place == "/var/lib/binfmts":
                names.add(file.name)
                continue
            lines = machine.read(f"{place}/{file.name}").splitlines() if file.suffix == ".conf" else []
            names |= {match[1] for line in lines if (match := re.match(r":([^:]+):[ME]:", line))}
    return names


PROBES = (
    Probe(name="host-registrations", about="entries of the host: flags, stale, rivals", look=host_registrations),
    Probe(name="reboot", about="registration gone after reboot", look=reboot),
)
