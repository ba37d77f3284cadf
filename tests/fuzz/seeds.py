"""Sound inputs of every reader, small: what a fuzzer changes a little at a time."""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import sqlite3
import tarfile
import tempfile
import zipfile
import zlib
from pathlib import Path

import msgspec
import zstandard

from tests.support import capsules as samples
from tests.support import debs, programs
from tests.support.samples import MINIMAL
from tests.support.samples import intent as sample_intent
from tests.support.samples import summary as sample_summary
from wrongarch.arches.lookup import find
from wrongarch.arches.table import ARCHES
from wrongarch.capsules import manifest as capsule_manifest
from wrongarch.emulators import records
from wrongarch.namespaces.agent import frames
from wrongarch.pipelines.jobs import Cell
from wrongarch.pipelines.records import CapsuleFile, Index, JobRecord
from wrongarch.runs.durations import Durations
from wrongarch.runs.folder import Event
from wrongarch.runs.history import store
from wrongarch.runs.junit import junit_xml
from wrongarch.runs.model import Result, RunDocument

HASH = "ab" * 32
REPOSITORY = Path(__file__).parents[2]
ARM = find("arm")
FILE = {"name": "dash", "version": "1:0.5", "path": "pool/main/d/dash/dash_0.5_armhf.deb", "size": 9, "sha256": HASH}


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def stored_gzip(data: bytes) -> bytes:
    """A gzip file of `data` as it is, which takes no time to make."""
    packer = zlib.compressobj(0, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


def elf_files() -> list[bytes]:
    found = [programs.exit_program(arch) for arch in ARCHES if arch.name in programs.CODES]
    found += [
        programs.dynamic_program(find(name), b"/lib/ld-linux.so.3", (b"libc.so.6", b"libm.so.6"))
        for name in ("arm", "s390x", "ppc", "amd64")
    ]
    return found


def binfmt_lines() -> list[bytes]:
    return [records.render(records.make_record(arch, f"/usr/bin/qemu-{arch.qemu}")) for arch in ARCHES[:12]]


def binfmt_entries() -> list[bytes]:
    entry = b"enabled\ninterpreter /usr/bin/qemu-arm-static\nflags: POCF\noffset 0\nmagic %s\nmask %s\n"
    return [
        entry % (ARM.magic.hex().encode(), ARM.mask.hex().encode()),
        b"disabled\ninterpreter /usr/bin/wine\nflags: \nextension .exe\n",
    ]


def packages() -> list[bytes]:
    entries = (
        debs.folder("./"),
        debs.folder("./usr"),
        debs.folder("./usr/bin"),
        debs.file("./usr/bin/program", b"x" * 600, 0o755),
        debs.link("./usr/bin/other", "program"),
        debs.hard("./usr/bin/third", "./usr/bin/program"),
        debs.link("./bin", "usr/bin"),
        debs.file("./bin/fourth"),
    )
    with tempfile.TemporaryDirectory() as folder:
        return [debs.write_deb(Path(folder) / "a.deb", *entries, suffix=suffix).read_bytes() for suffix in debs.PACK]


def control() -> list[bytes]:
    return [debs.CONTROL, b"Package: a\nDepends: b (>= 1),\n c\n# no\n\nPackage: d\n"]


def releases() -> list[bytes]:
    text = (
        "Origin: Debian\nSuite: stable\nCodename: trixie\nDate: Sat, 12 Sep 2026 07:55:41 UTC\nAcquire-By-Hash: yes\n"
        f"SHA256:\n {HASH} 77 main/binary-arm/Packages.xz\n"
    )
    head, tail = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n", "-----BEGIN PGP SIGNATURE-----\n"
    return [f"{head}{text}{tail}\niQIz\n=abcd\n-----END PGP SIGNATURE-----\n".encode()]


def indices() -> list[bytes]:
    fields = ("Package: dash", "Version: 1", "Filename: pool/a.deb", "Size: 9", f"SHA256: {HASH}")
    return [("\n".join(fields) + "\n\n").encode() * 2]


def index_files() -> list[bytes]:
    return [lzma.compress(plain) for plain in indices()]


def locks() -> list[bytes]:
    lock = {
        "format": 1,
        "image": "jsc",
        "arch": "armhf",
        "suite": "bookworm",
        "request": HASH,
        "taken": 1789199741,
        "source": {"suite": "bookworm", "inrelease": HASH, "date": 1789199741},
        "essential": 1,
        "exclude": ["/usr/share/doc/*"],
        "packages": [FILE],
    }
    return [_json(lock)]


def recipes() -> list[bytes]:
    ours = [(REPOSITORY / "ci/recipes" / name / "recipe.toml").read_bytes() for name in ("quickjs", "hello")]
    jsc = (REPOSITORY / "ci/recipes/jsc/recipe.toml").read_bytes()
    return [MINIMAL.encode(), *ours, jsc[: jsc.index(b"\n\n[[expected]]")]]


def matrices() -> list[bytes]:
    more = b"""arches = ["arm", "s390x"]
[defaults]
recipe = "engine"
[suites.engine]
stress = { shards = 4, timeout = 45 }
[arch.arm]
cpus = ["", "cortex-a7"]
[[allowed_failures]]
arch = "s390x"
reason = "new"
"""
    return [(REPOSITORY / "ci/matrix.toml").read_bytes(), more]


def manifests() -> list[bytes]:
    return [capsule_manifest.encode(samples.sound())]


def capsule_tars() -> list[bytes]:
    return [samples.archive(samples.sound())]


def capsules() -> list[bytes]:
    stream = capsule_tars()[0]
    return [zstandard.ZstdCompressor(level=1).compress(stream), stored_gzip(stream), zlib.compress(stream, wbits=31)]


def expectations() -> list[bytes]:
    made = []
    for expected in (
        {"match": "^ok", "reject": "bad"},
        {"throws": "TypeError", "thrown": r"(?P<type>\w+Error)", "exit_code": None},
        {"results": "tap"},
        {"results": "junit", "report": "out.xml"},
        {"stdout": "42\n", "contains": "4", "lacks": "no"},
    ):
        test = samples.test_of(expected=capsule_manifest.Expected(**expected))  # type: ignore[arg-type]  # any field
        text = capsule_manifest.encode(samples.manifest(tests=(test,)))
        made.append(text + b"\0" + tap()[0])
    return made


def _results() -> tuple[Result, ...]:
    passed = Result(suite="stress", test="a.js", mode="default", status="passed", seconds=0.5, attempts=1)
    return (passed, msgspec.structs.replace(passed, test="b.js", status="failed", message="exit 3", log=1))


def intent() -> bytes:
    return msgspec.json.encode(sample_intent())


def results() -> list[bytes]:
    document = RunDocument(summary=sample_summary(), results=_results())
    running = RunDocument(summary=sample_summary(state="running"), results=_results())
    return [msgspec.json.encode(document), msgspec.json.encode(running), intent()]


def events() -> list[bytes]:
    lines = [Event(at=0.0, kind="started"), Event(at=0.1, kind="begun", text="stress/a.js [default]")]
    lines += [Event(at=1.0, kind="result", result=result) for result in _results()]
    ended = Event(at=2.0, kind="ended", summary=sample_summary())
    encoded = [msgspec.json.encode(line) + b"\n" for line in lines]
    return [b"".join(encoded), b"".join(encoded) + msgspec.json.encode(ended) + b"\n"]


def junit() -> list[bytes]:
    ours = "".join(junit_xml(sample_summary(), _results())).encode()
    return [
        ours,
        b'<testsuite><testcase classname="a" name="b" time="1,5"><failure message="no">x</failure></testcase>'
        b'<testcase name="c"><skipped/></testcase></testsuite>',
        ours.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    ]


def tap() -> list[bytes]:
    return [
        b"TAP version 14\n1..4\nok 1 - first\nnot ok 2 # TODO later\nok 3 # SKIP why\n  ---\n  a: b\n  ...\nnot ok\n",
        b"ok\nok 2 - a \\# b\nBail out! no more\n1..0 # skip all\n",
    ]


def jsc_results() -> list[bytes]:
    found = {
        "stressTestFailures": ["stress/a.js.default"],
        "flaky": {"stress/b.js.ftl": {"P": "1", "T": "2", "S": "1"}},
        "allMasmTestsPassed": True,
        "results": {"stress/c.js.default": {"actual": "ERROR"}},
    }
    return [_json(found) + b"\0stress/a.js.default: no\nstress/d.js 1 2 0\n", _json({"stressTestFailures": []})]


def front_matter() -> list[bytes]:
    return [
        b"// c\n/*---\ninfo: >\n  text\nincludes: [a.js]\nflags: [onlyStrict, async]\nfeatures: [BigInt]\n---*/\n",
        b"/*---\nnegative:\n  phase: parse\n  type: SyntaxError\nflags:\n  - module\n---*/\n$DONOTEVALUATE();",
    ]


def system_calls() -> list[bytes]:
    return [
        b'12 open("/etc/passwd",O_RDONLY) = 3\n12 openat(AT_FDCWD,"a\\x20b\\n",O_DIRECTORY) = -1 errno=2 (No)\n'
        b'13 execve("/bin/sh",{"sh",NULL}) = 0\n13 chdir("..") = 0\n12 getdents64(3,0x0,1) = 0\n'
    ]


def library_paths() -> list[bytes]:
    return [b"include /etc/ld.so.conf.d/*.conf\n/usr/local/lib\n# no\n", b"#!/bin/sh -e\n", b"#!/usr/bin/env perl\n"]


def forge_urls() -> list[bytes]:
    return [
        b"https://github.com/OWNER/REPO/actions/runs/123/job/456?check_run_id=7",
        b"https://github.com/OWNER/REPO/pull/12",
        b"https://gitlab.com/GROUP/SUB/PROJECT/-/merge_requests/12",
        b"https://gitlab.example:8443/a/b/-/tree/some/branch%20name",
        b"http://[::1]:80/a/b/-/jobs/4",
    ]


def image_names() -> list[bytes]:
    return [b"registry.example:5000/team/jsc:1@sha256:" + HASH.encode(), b"localhost/a", b"jsc"]


def _blob(kind: str) -> dict[str, object]:
    return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": f"sha256:{HASH}", "size": 7}


def oci_manifests() -> list[bytes]:
    return [_json({"schemaVersion": 2, "config": _blob("config.v1+json"), "layers": [_blob("layer.v1.tar+gzip")]})]


def oci_indices() -> list[bytes]:
    assert ARM.platform is not None
    platform = {"os": "linux", "architecture": "arm", "variant": "v7"}
    other = {"os": "linux", "architecture": "s390x"}
    entries = [{**_blob("manifest.v1+json"), "platform": one} for one in (other, platform)]
    return [_json({"schemaVersion": 2, "manifests": entries}), _json({"manifests": entries[:1]})]


def oci_configs() -> list[bytes]:
    labelled = {"os": "linux", "architecture": "arm", "rootfs": {"diff_ids": []}, "config": {"Labels": {"a": "b"}}}
    return [
        _json({"os": "linux", "architecture": "arm", "rootfs": {"type": "layers", "diff_ids": [f"sha256:{HASH}"]}}),
        _json(labelled),
    ]


def job_records() -> list[bytes]:
    cell = Cell(arch="arm", recipe="jsc", suite="stress")
    return [msgspec.json.encode(JobRecord(job="a", cell=cell, shard="1/2", exit_code=1, seconds=2.0))]


def artifacts() -> list[bytes]:
    content = b"a capsule"
    listed = CapsuleFile(name="a.tar.zst", size=len(content), sha256=_sha(content), tests=("stress/a.js",))
    index = msgspec.json.encode(Index(job="a", arch="arm", capsules=(listed,)))
    made = []
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", method) as archive:
            archive.writestr("capsules/index.json", index)
            archive.writestr("capsules/a.tar.zst", content)
        made.append(target.getvalue())
    return made


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def durations() -> list[bytes]:
    return [msgspec.json.encode(Durations(tests={"jsc arm": {"stress/a.js [default]": 1.5}}))]


def pins() -> list[bytes]:
    binaries = "usr/bin/qemu-{target}-static"
    candidate = {"suite": "trixie", "binaries": binaries, "taken": 1, "file": FILE}
    source = {"suite": "trixie", "package": "qemu-user", "binaries": binaries}
    made = {
        "format": 1,
        "default": "10.0",
        "sources": {"10.0": [source]},
        "candidates": {"10.0": {"amd64": [candidate]}},
    }
    return [_json(made)]


def configurations() -> list[bytes]:
    return [
        b'[debian]\nmirror = "http://mirror.example/debian"\nsnapshot = "http://snap.example"\n'
        b"[download]\nattempts = 2\njobs = 3\nread_seconds = 2.5\n"
    ]


def apt_sources() -> list[bytes]:
    return [
        b"deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian bookworm main\n",
        b"Types: deb\nURIs: http://deb.debian.org/debian\nSuites: trixie trixie-updates\nComponents: main\n\n",
        b"deb http://snapshot.debian.org/archive/debian/20260101T000000Z bookworm main # c\n",
    ]


def forge_tokens() -> list[bytes]:
    return [
        b"github.com:\n    oauth_token: gho_abc\n    user: somebody\n",
        b"hosts:\n    gitlab.com:\n        token: glpat-x\n        is_oauth2: 'true'\n",
        b"machine api.github.com login somebody password secret\n",
    ]


def docker_configs() -> list[bytes]:
    return [
        b'{"auths": {"localhost:5000": {"auth": "YTpi"}}, "currentContext": "remote"}',
        b'{"currentContext": 7}',
        b'{"a":' + b"[" * 2000,
    ]


def subordinate_ids() -> list[bytes]:
    return [b"root:100000:65536\nsomebody:165536:65536\n1000:1:2\n"]


def cache_notes() -> list[bytes]:
    binary = {"sha256": HASH, "size": 3, "mtime_ns": 4}
    product = {"path": "qjs", "sha256": HASH, "size": 3, "mtime": 4}
    return [
        _json({"digest": HASH, "lock": HASH, "arch": "arm", "seconds": 1.5}),
        _json({"package": "folder", "targets": ["arm"], "binaries": {"arm": binary}}),
        _json({"key": "a", "seconds": 1.0, "products": [product]}),
    ]


def agent_frames() -> list[bytes]:
    ending = {"reason": "exit", "exit_code": 0, "seconds": 0.1}
    began = frames.pack_json(frames.BEGAN, 1, {"interpreter": "pinned"})
    out = frames.pack(frames.OUT, 1, b"some output\n")
    return [
        began + out + frames.pack_json(frames.EXIT, 1, ending),
        began + frames.pack_json(frames.FAILED, 1, {"error": "no such file"}),
        frames.pack_json(frames.FAILED, 0, {"step": "mount", "errno": 1, "error": "no"}) + out,
    ]


def source_archives() -> list[bytes]:
    entries = (
        debs.folder("thing-1"),
        debs.file("thing-1/a.c", b"int main;" * 80, 0o755),
        debs.link("thing-1/b.c", "a.c"),
        debs.hard("thing-1/c.c", "thing-1/a.c"),
    )
    plain = debs.tar(*entries)
    pax = io.BytesIO()
    with tarfile.open(fileobj=pax, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("thing-1/" + "long" * 40 + "é")
        info.mtime = 1.5
        archive.addfile(info)
    return [plain, pax.getvalue(), stored_gzip(plain), lzma.compress(plain)]


def http_headers() -> list[bytes]:
    return [b"120", b"Wed, 21 Oct 2015 07:28:00 GMT", b"bytes 5-9/10", b"bytes 0-1/*"]


def histories() -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        store.record(project, RunDocument(summary=sample_summary(), results=_results()))
        file = store.file_of(project)
        connection = sqlite3.connect(file)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        return [file.read_bytes()]


def guest_output() -> list[bytes]:
    return [
        b"==12== pid 13, thread 4711 at 0x7fff1234, 12:13:14.5 took 1.5 s, 30 ms\n",
        b"token=ghp_0123456789abcdefghijABCDEFGHIJ456789 https://a:b@example.org glpat-abcdefghijklmnop1234\n",
    ]
