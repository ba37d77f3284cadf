"""All that reads what others wrote, each as a function of bytes, with sound inputs to start from.

A reader may raise what errors.py has, and what its own documentation names (`allowed`); anything else is a bug of ours.
To add one: a line in READERS, made of its name, a function of bytes, and a function that gives sound inputs.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.fuzz import seeds
from tests.fuzz.places import Place
from wrongarch import settings
from wrongarch.arches import elf
from wrongarch.arches.lookup import find
from wrongarch.arches.table import ARCHES
from wrongarch.capsules import compare, manifest, members, read
from wrongarch.capsules.closure import Closure
from wrongarch.capsules.guest import Guest
from wrongarch.capsules.trace import Trace
from wrongarch.debian import debs, packages
from wrongarch.debian.deb822 import paragraphs
from wrongarch.downloads import http, origins, registry
from wrongarch.emulators import pins, records, registrations
from wrongarch.emulators import store as emulators
from wrongarch.engines.base import Outcome
from wrongarch.engines.containers import locate
from wrongarch.errors import WrongarchError
from wrongarch.forges import archives, tokens, urls
from wrongarch.images import feed, lock, travel
from wrongarch.images import store as images
from wrongarch.namespaces import ids
from wrongarch.namespaces.session import Order, Pending, PrivateRoot
from wrongarch.pipelines import reading as matrix
from wrongarch.pipelines import records as jobs
from wrongarch.recipes import reading as recipes
from wrongarch.recipes import unpack
from wrongarch.recipes.suites import frontmatter, junit, tap, webkit_results
from wrongarch.reports import gather
from wrongarch.runs import building, durations, folder, scrub
from wrongarch.runs.history import queries

ARM = find("arm")


class Reader(NamedTuple):
    """One reader: `read` gets any bytes, `seeds` gives sound inputs. `share` is how many of the iterations it gets."""

    name: str
    read: Callable[[bytes], object]
    seeds: Callable[[], list[bytes]]
    allowed: tuple[type[Exception], ...] = (WrongarchError,)
    share: float = 1.0


def _text(data: bytes) -> str:
    return data.decode(errors="surrogateescape")


def elf_header(data: bytes) -> None:
    elf.read_header(data)
    elf.identify(data)
    elf.describe(data)


def elf_file(data: bytes) -> None:
    file = Place.file(data)
    for reader in (elf.interpreter_of, elf.needed_libraries, elf.search_paths):
        try:
            reader(file)
        except WrongarchError:
            continue
    elf.explain_missing_loader(file, Place.folder())


def binfmt_line(data: bytes) -> None:
    record = records.parse(data)
    assert records.parse(records.render(record)) == record


def binfmt_entries(data: bytes) -> None:
    registrations.read({"one": _text(data), "two": _text(data[::2])}, ARCHES, lambda path: "x" in path)


def deb_control(data: bytes) -> None:
    debs.control_fields(Place.file(data))


def deb_members(data: bytes) -> None:
    list(debs.data_members(Place.file(data)))


def deb_extract(data: bytes) -> None:
    debs.extract(Place.file(data), Place.empty(), merged_usr=bool(data[-1:] > b"\x7f"))


def deb822(data: bytes) -> None:
    list(paragraphs(data.decode(errors="replace")))


def release(data: bytes) -> None:
    packages.read_release(data, "InRelease")


def package_index(data: bytes) -> None:
    list(packages.parse_packages(data))


def package_file(data: bytes) -> None:
    list(packages.read_packages(Place.file(data)))


def read_lock(data: bytes) -> None:
    lock.read(Place.file(data))


def recipe(data: bytes) -> None:
    recipes.read_recipe(Place.file(data, "recipe.toml"))


def read_matrix(data: bytes) -> None:
    matrix.read(Place.file(data, "matrix.toml"))


def capsule_manifest(data: bytes) -> None:
    found = manifest.decode(data)
    members.check(found)
    assert manifest.decode(manifest.encode(found)) == found


def capsule(data: bytes) -> None:
    read.verify(Place.file(data))


def capsule_tar(data: bytes) -> None:
    """The tar stream itself: compressed here, or hardly any change would come as far as that."""
    read.unpack(Place.file(seeds.stored_gzip(data)), Place.empty())


def capsule_expected(data: bytes) -> None:
    """How a capsule wants its test judged, against what it says that was printed."""
    test, _, output = data.partition(b"\0")
    for one in manifest.decode(test).tests:
        for reason in ("exit", "signal"):
            compare.compare(one, output, Outcome(reason=reason, exit_code=0, stdout=output), output)


def read_junit(data: bytes) -> None:
    junit.read_junit(data)


def read_tap(data: bytes) -> None:
    tap.read_tap(data.decode(errors="replace"))


def jsc_results(data: bytes) -> None:
    raw, _, output = data.partition(b"\0")
    text = output.decode(errors="replace")
    webkit_results.read_report(raw, dict.fromkeys(webkit_results.FILES, text.splitlines()), text)


def front_matter(data: bytes) -> None:
    text = data.decode(errors="replace")
    try:
        whole = frontmatter.read_front_matter(text)
    finally:
        quick = frontmatter.read_flags(text)
    assert quick == whole.flags


def system_calls(data: bytes) -> None:
    trace = Trace()
    trace.feed(data[: len(data) // 2])
    trace.feed(data[len(data) // 2 :])
    trace.close()
    list(trace.candidates("/tmp"))


def library_paths(data: bytes) -> None:
    """/etc/ld.so.conf, and a program that starts with `data`, in a guest."""
    root = Place.folder()
    (root / "etc").mkdir(exist_ok=True)
    (root / "etc/ld.so.conf").write_bytes(data)
    (root / "program").write_bytes(data)
    Closure(Guest(root, ()), ARM, {"PATH": _text(data[:50])}).add("/program")


def forge_url(data: bytes) -> None:
    urls.parse(_text(data))


def redirect(data: bytes) -> None:
    text = _text(data)
    address = origins.split(text)
    if address is not None:
        origins.origin_of(text)
        origins.joined("https://example.org/a", text)


def image_name(data: bytes) -> None:
    registry.parse(_text(data))


def image_manifest(data: bytes) -> None:
    travel.read_manifest(data)


def image_index(data: bytes) -> None:
    assert ARM.platform is not None
    travel.entry_for(data, ARM.platform, "example.org/it:1")


def image_config(data: bytes) -> None:
    feed.labels_of(data)
    travel.read_config(data, "example.org/it:1")


def run_events(data: bytes) -> None:
    place = Place.folder()
    (place / folder.INTENT).write_bytes(seeds.intent())
    (place / folder.RESULTS).unlink(missing_ok=True)
    (place / folder.EVENTS).write_bytes(data)
    folder.read_run(place)


def run_results(data: bytes) -> None:
    place = Place.folder()
    (place / folder.INTENT).write_bytes(data)
    (place / folder.EVENTS).write_bytes(b"")
    (place / folder.RESULTS).write_bytes(data)
    folder.read_run(place)


def report_results(data: bytes) -> None:
    gather.load([str(Place.file(data, "results.json"))], Place.folder())


def job_record(data: bytes) -> None:
    place = Place.folder()
    (place / "a").mkdir(exist_ok=True)
    (place / "a" / jobs.JOB).write_bytes(data)
    (place / "a" / jobs.RESULTS).unlink(missing_ok=True)
    list(jobs.collect(place))


def artifact(data: bytes) -> None:
    archives.unpack(Place.file(data, "artifact.zip"), Place.empty() / "new", most=1 << 20)


def read_durations(data: bytes) -> None:
    durations.read(Place.file(data))


def own_pins(data: bytes) -> None:
    pins._read_own(Place.file(data))


def configuration(data: bytes) -> None:
    settings.load({}, Place.file(data, "config.toml"), Place.folder())


def apt_sources(data: bytes) -> None:
    root = Place.folder()
    (root / "etc/apt/sources.list.d").mkdir(parents=True, exist_ok=True)
    (root / "etc/apt/sources.list").write_bytes(data)
    (root / "etc/apt/sources.list.d/a.sources").write_bytes(data)
    settings.load({}, root / "none", root)


def forge_tokens(data: bytes) -> None:
    """What gh, glab and netrc keep."""
    home = Place.folder()
    for name in ("gh/hosts.yml", "glab-cli/config.yml"):
        (home / ".config" / name).parent.mkdir(parents=True, exist_ok=True)
        (home / ".config" / name).write_bytes(data)
    (home / ".netrc").write_bytes(data)
    (home / ".netrc").chmod(0o600)
    for forge, base in (("github", "https://github.com"), ("gitlab", "https://gitlab.com")):
        tokens.find(forge, base, {"HOME": str(home), "PATH": "/nonexistent"})


def docker_context(data: bytes) -> None:
    home = Place.file(data, "config.json").parent
    for found in locate.endpoints("docker", {"DOCKER_CONFIG": str(home)}):
        assert isinstance(found.context, str)


def subordinate_ids(data: bytes) -> None:
    ids._subordinate(Place.file(data), "somebody", 1000)


def cached_notes(data: bytes) -> None:
    """What the caches say of themselves: damage means only that they are made again."""
    place = Place.folder()
    for name in ("image.json", "manifest.json", "build.json"):
        (place / name).write_bytes(data)
    images._find(place)
    emulators._read(place)
    building._still_good(place, "a")


def agent_frames(data: bytes) -> None:
    """What comes from the agent of a session, which lives beside what it runs: whoever waits for it gets an answer."""
    ours, theirs = socket.socketpair()
    with theirs:
        root = PrivateRoot(ours, Ended(), "6.18")
        pending = Pending(lambda *_: None)
        root.start(Order(argv=("true",), env={}), pending)
        theirs.sendall(data[:50_000])
    try:
        pending.future.result(10)
    finally:
        root.close()


class Ended:
    """An agent that is gone."""

    def ended(self, seconds: float) -> bool:
        return True

    def kill(self) -> None:
        pass


def source_archive(data: bytes) -> None:
    unpack.unpack_tar(Place.file(data, "source.tar"), Place.empty(), strip=data[-1] % 2 if data else 0)


def http_headers(data: bytes) -> None:
    text = data.decode("latin-1")
    http._retry_after(text)
    http._range(text)


def history(data: bytes) -> None:
    project = Place.empty()
    (project / folder.HOME).mkdir()
    (project / folder.HOME / "history.sqlite").write_bytes(data)
    queries.expected_seconds(project, ["a"], recipe="jsc", arch="arm", emulator="10.0", jobs=1, say=lambda _: None)


def guest_output(data: bytes) -> None:
    compare.normalise(data)
    scrub.text(data, ("a secret",))


SLOW, FAST = 0.1, 3.0
"""Shares: what writes trees or databases, and what only looks at bytes."""

READERS: tuple[Reader, ...] = (
    Reader("elf-header", elf_header, seeds.elf_files, share=FAST),
    Reader("elf-file", elf_file, seeds.elf_files),
    Reader("binfmt-line", binfmt_line, seeds.binfmt_lines, share=FAST),
    Reader("binfmt-entry", binfmt_entries, seeds.binfmt_entries, share=FAST),
    Reader("deb-control", deb_control, seeds.packages),
    Reader("deb-members", deb_members, seeds.packages),
    Reader("deb-extract", deb_extract, seeds.packages, share=SLOW),
    Reader("deb822", deb822, seeds.control, share=FAST),
    Reader("release", release, seeds.releases),
    Reader("package-index", package_index, seeds.indices, (WrongarchError, ValueError), FAST),
    Reader("package-file", package_file, seeds.index_files),
    Reader("lock", read_lock, seeds.locks),
    Reader("recipe", recipe, seeds.recipes, share=0.2),
    Reader("matrix", read_matrix, seeds.matrices, share=0.5),
    Reader("capsule-manifest", capsule_manifest, seeds.manifests),
    Reader("capsule", capsule, seeds.capsules),
    Reader("capsule-tar", capsule_tar, seeds.capsule_tars, share=SLOW),
    Reader("capsule-expected", capsule_expected, seeds.expectations),
    Reader("junit", read_junit, seeds.junit, share=FAST),
    Reader("tap", read_tap, seeds.tap, share=FAST),
    Reader("jsc-json", jsc_results, seeds.jsc_results),
    Reader("front-matter", front_matter, seeds.front_matter, (WrongarchError, frontmatter.FrontMatterError)),
    Reader("strace", system_calls, seeds.system_calls, share=FAST),
    Reader("ld-so-conf", library_paths, seeds.library_paths, share=0.2),
    Reader("forge-url", forge_url, seeds.forge_urls, share=FAST),
    Reader("redirect", redirect, seeds.forge_urls, share=FAST),
    Reader("image-name", image_name, seeds.image_names, share=FAST),
    Reader("oci-manifest", image_manifest, seeds.oci_manifests),
    Reader("oci-index", image_index, seeds.oci_indices),
    Reader("oci-config", image_config, seeds.oci_configs),
    Reader("run-events", run_events, seeds.events, share=0.5),
    Reader("run-results", run_results, seeds.results, share=0.5),
    Reader("report-results", report_results, seeds.results),
    Reader("job-record", job_record, seeds.job_records, share=0.5),
    Reader("artifact", artifact, seeds.artifacts, share=SLOW),
    Reader("durations", read_durations, seeds.durations),
    Reader("pins", own_pins, seeds.pins),
    Reader("config", configuration, seeds.configurations, share=0.2),
    Reader("apt-sources", apt_sources, seeds.apt_sources, share=0.2),
    Reader("forge-tokens", forge_tokens, seeds.forge_tokens, share=SLOW),
    Reader("docker-config", docker_context, seeds.docker_configs),
    Reader("subuid", subordinate_ids, seeds.subordinate_ids),
    Reader("cache-notes", cached_notes, seeds.cache_notes, share=0.5),
    Reader("agent-frames", agent_frames, seeds.agent_frames, share=0.5),
    Reader("source-archive", source_archive, seeds.source_archives, share=SLOW),
    Reader("http-headers", http_headers, seeds.http_headers, share=FAST),
    Reader("history", history, seeds.histories, share=0.02),
    Reader("guest-output", guest_output, seeds.guest_output, share=FAST),
)


def by_name(name: str) -> Reader:
    """The reader of that name."""
    return next(reader for reader in READERS if reader.name == name)


def found() -> list[tuple[str, Path]]:
    """Inputs that once found a bug: the reader's name, and the file."""
    folder_ = Path(__file__).with_name("found")
    return [(file.parent.name, file) for file in sorted(folder_.glob("*/*"))]
