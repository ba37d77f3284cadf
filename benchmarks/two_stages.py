"""The usual way to a foreign root, for comparison: debootstrap's two stages, then apt, both all emulated.

`debootstrap --foreign` unpacks on the host, `--second-stage` and apt run in the root under QEMU (debootstrap(8)). What
takes the network is done before, and not counted; debootstrap skips signatures. So is what others do in containers,
without the building of a container.
"""

from __future__ import annotations

import functools
import shlex
from pathlib import Path

from benchmarks.timing import timed
from wrongarch import settings
from wrongarch.arches.lookup import host_arch
from wrongarch.arches.model import Arch
from wrongarch.emulators.model import Emulator
from wrongarch.engines.base import Mount, SessionSpec
from wrongarch.engines.sandbox import Sandbox
from wrongarch.images import store
from wrongarch.images.resolve import make_lock
from wrongarch.images.spec import ArchImage, ImageSpec
from wrongarch.namespaces import ids as id_maps

ENV = {
    "container": "lxc",  # in which devices cannot be made; here neither
    "DEBIAN_FRONTEND": "noninteractive",
    "LC_ALL": "C",
}
run = functools.partial(timed, env=ENV)
APT = "apt-get -q -y -o APT::Sandbox::User=root -o APT::Install-Recommends=false"


def seconds(arch: Arch, suite: str, emulator: Emulator | None, packages: tuple[str, ...], work: Path) -> float:
    """Wall time, without downloads, for a root of `suite` with `packages`, in the empty folder `work`."""
    host, mirror = host_arch(), settings.current().debian.mirror
    own = ImageSpec(
        name="bench-debootstrap",
        packages=("ca-certificates", "debootstrap"),
        arch={host.name: ArchImage(suite=host.suites[0])},
    )
    (work / "cache").mkdir()
    work.chmod(0o755)
    id_maps.give(work, id_maps.choose().owner)
    options = f"--variant=minbase --no-check-gpg --arch={arch.debian} --cache-dir=/bench/cache {suite}"
    spec = SessionSpec(
        arch=host,
        root=store.ensure(make_lock(own, host), host).root,
        mounts=(Mount(source=work, target="/bench", writable=True),),
        network=True,
    )
    with Sandbox().open(spec) as session:
        run(session, f"debootstrap --download-only {options} /bench/warm {shlex.quote(mirror)}")
        took = run(session, f"debootstrap --foreign {options} /bench/root {shlex.quote(mirror)}")
    guest = SessionSpec(arch=arch, root=work / "root", emulator=emulator, cpu=arch.cpu, network=True)
    source = f"deb [trusted=yes] {mirror} {suite} main"
    with Sandbox().open(guest) as session:
        took += run(session, "/debootstrap/debootstrap --second-stage")
        run(session, f"echo {shlex.quote(source)} >/etc/apt/sources.list; {APT} update")
        run(session, f"{APT} install --download-only {' '.join(packages)}")
        took += run(session, f"{APT} install {' '.join(packages)}")
    return took
