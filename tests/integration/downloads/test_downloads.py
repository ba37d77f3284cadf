from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.support.web import Server
from wrongarch.downloads import Item, NotFoundError, fetch, fetch_all, fetch_bytes, fetch_text
from wrongarch.errors import MachineError, NetworkError, UntrustedInput
from wrongarch.settings import Download

RequestsOf = Callable[[str], list[str | None]]


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_plain_download_reports_progress_and_leaves_one_file(
    server: Server, tmp_path: Path, body: bytes, sha: str, policy: Download, requests_of: RequestsOf
) -> None:
    seen: list[tuple[int, int | None]] = []
    dest = tmp_path / "new/folder/file"
    for _ in range(2):
        fetch(
            [server.url("/f")],
            dest,
            sha256=sha,
            size=len(body),
            policy=policy,
            progress=lambda done, total: seen.append((done, total)),
        )
    assert dest.read_bytes() == body
    assert dest.stat().st_mode & 0o777 == 0o644
    assert names(dest.parent) == ["file"]
    assert requests_of("/f") == [None]
    assert seen[-2:] == [(len(body), len(body))] * 2
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


@pytest.mark.parametrize(
    ("words", "ranges"),
    [
        (("status:503", "status:429,0", "ok"), [None, None, None]),
        (("reset", "ok"), [None, None]),
        (("truncate:1000", "ok"), [None, "bytes=2999000-"]),
        (("truncate:1000", "openrange"), [None, "bytes=2999000-"]),
        (("truncate:1000", "norange"), [None, "bytes=2999000-"]),
        (("truncate:1000", "otherrange", "ok"), [None, "bytes=2999000-", None]),
        (("truncate:1000", "status:416", "ok"), [None, "bytes=2999000-", None]),
        (("wrong", "ok"), [None, None]),
        (("hang", "ok"), [None, None]),
        (("redirect:/elsewhere",), [None]),
        (("chunked",), [None]),
        (("chunked:short", "ok"), [None, "bytes=60000-"]),
        # each attempt gets further, so the number of attempts does not count
        (
            ("truncate:2500000", "truncate:2000000", "truncate:1500000", "truncate:1000000", "ok"),
            [None, "bytes=500000-", "bytes=1000000-", "bytes=1500000-", "bytes=2000000-"],
        ),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else "",
)
def test_what_goes_wrong_on_the_way_is_overcome(
    server: Server,
    tmp_path: Path,
    body: bytes,
    sha: str,
    policy: Download,
    requests_of: RequestsOf,
    words: tuple[str, ...],
    ranges: list[str | None],
) -> None:
    server.url("/elsewhere", "ok")
    for size in (len(body), None):
        dest = tmp_path / f"file-{size}"
        before = len(server.seen)
        fetch([server.url("/f", *words)], dest, sha256=sha, size=size, policy=policy)
        assert hashlib.sha256(dest.read_bytes()).hexdigest() == sha
        assert names(tmp_path) == sorted({dest.name, *names(tmp_path)} - {f"{dest.name}.partial"})
        assert [wanted for path, wanted in server.seen[before:] if path == "/f"] == ranges


@pytest.mark.parametrize(
    ("words", "kind", "asked", "part"),
    [
        (("status:404",), NotFoundError, 1, "HTTP 404"),
        (("status:410",), NotFoundError, 1, "HTTP 410"),
        (("status:403",), NetworkError, 1, "HTTP 403"),
        (("status:500",), NetworkError, 3, "HTTP 500"),
        (("status:503,9999",), NetworkError, 3, "(3 attempts)"),
        (("reset",), NetworkError, 3, "(3 attempts)"),
        (("hang",), NetworkError, 3, "nothing received for 0.5 s"),
        (("norange:2000000",), NetworkError, 4, "ended"),
        (("wrong",), UntrustedInput, 2, "its SHA-256 is"),
        (("redirect:/f",), NetworkError, 31, "redirects"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_overcome_is_said(
    server: Server,
    tmp_path: Path,
    body: bytes,
    sha: str,
    policy: Download,
    requests_of: RequestsOf,
    words: tuple[str, ...],
    kind: type[NetworkError],
    asked: int,
    part: str,
) -> None:
    begin = time.monotonic()
    with pytest.raises(kind) as caught:
        fetch([server.url("/f", *words)], tmp_path / "file", sha256=sha, size=len(body), policy=policy)
    assert type(caught.value) is kind
    assert part in caught.value.what
    assert "/f" in caught.value.what
    assert "WRONGARCH_DEBIAN_MIRROR" in caught.value.fix
    assert len(requests_of("/f")) == asked
    assert not (tmp_path / "file").exists()
    assert time.monotonic() - begin < 5


@pytest.mark.parametrize(
    "first", ["status:404", "status:500", "wrong", "truncate:10", "endless", "redirect:ftp://host/x"]
)
def test_the_next_address_is_tried(
    server: Server, tmp_path: Path, body: bytes, sha: str, policy: Download, first: str
) -> None:
    urls = [server.url("/mirror", first), server.url("/snapshot", "ok")]
    fetch(urls, tmp_path / "file", sha256=sha, size=len(body), policy=policy)
    assert (tmp_path / "file").read_bytes() == body
    assert names(tmp_path) == ["file"]


def test_a_server_without_end_or_with_another_size_is_cut_off(
    server: Server, tmp_path: Path, sha: str, policy: Download
) -> None:
    for words, part in ((("endless",), "more than the 1000"), (("ok",), "3000000 bytes, more than the 1000")):
        with pytest.raises(UntrustedInput, match=part):
            fetch([server.url("/f", *words)], tmp_path / "file", sha256=sha, size=1000, policy=policy)
    with pytest.raises(UntrustedInput, match="not 3000001"):
        fetch([server.url("/f")], tmp_path / "file", sha256=sha, size=3_000_001, policy=policy)
    assert names(tmp_path) == []


def test_a_partial_file_of_something_else_is_thrown_away(
    server: Server, tmp_path: Path, body: bytes, sha: str, policy: Download, requests_of: RequestsOf
) -> None:
    for junk in (b"x" * 1000, b"x" * len(body), b"x" * (len(body) + 1)):
        (tmp_path / "file.partial").write_bytes(junk)
        fetch([server.url("/f")], tmp_path / "file", sha256=sha, size=len(body), policy=policy)
        assert (tmp_path / "file").read_bytes() == body
        (tmp_path / "file").unlink()
    assert requests_of("/f") == ["bytes=1000-", None, None, None]


def test_a_damaged_file_is_fetched_again(
    server: Server, tmp_path: Path, body: bytes, sha: str, policy: Download
) -> None:
    (tmp_path / "file").write_bytes(body[:-1] + b"x")
    fetch([server.url("/f")], tmp_path / "file", sha256=sha, size=len(body), policy=policy)
    assert (tmp_path / "file").read_bytes() == body


def test_an_empty_file(server: Server, tmp_path: Path, policy: Download) -> None:
    server.bodies["/e"] = b""
    for size in (0, None):
        dest = tmp_path / f"file-{size}"
        fetch([server.url("/e")], dest, sha256=hashlib.sha256(b"").hexdigest(), size=size, policy=policy)
        assert dest.read_bytes() == b""


def test_no_network_names_every_address_and_what_to_set(tmp_path: Path, sha: str, policy: Download) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        urls = [f"http://127.0.0.1:{port}/a", "http://name.invalid/b", "nonsense", "file:///etc/passwd"]
        with pytest.raises(NetworkError) as caught:
            fetch(urls, tmp_path / "file", sha256=sha, policy=policy)
    assert f"http://127.0.0.1:{port}/a: Connection refused" in caught.value.what
    assert "http://name.invalid/b: " in caught.value.what
    assert "nonsense: not a usable address" in caught.value.what
    assert "file:///etc/passwd: not a usable address" in caught.value.what
    assert "http_proxy" in caught.value.fix
    with pytest.raises(NetworkError, match="no address"):
        fetch([], tmp_path / "file", sha256=sha, policy=policy)
    assert names(tmp_path) == []


def test_a_server_that_is_not_who_it_should_be_is_asked_once(
    server: Server, tmp_path: Path, sha: str, policy: Download
) -> None:
    """Waiting does not help against a wrong certificate, or none."""
    begin = time.monotonic()
    slow = msgspec.structs.replace(policy, backoff_seconds=5.0, longest_wait_seconds=5.0)
    with pytest.raises(NetworkError, match=r"(?i)ssl") as caught:
        fetch([server.url("/f").replace("http:", "https:")], tmp_path / "file", sha256=sha, policy=slow)
    assert "attempts" not in caught.value.what
    assert time.monotonic() - begin < 4


def test_texts_and_their_limit(server: Server, policy: Download) -> None:
    server.bodies["/t"] = "grüße".encode()
    server.bodies["/b"] = b"\xff"
    assert fetch_text([server.url("/t", "status:500", "ok")], max_bytes=100, policy=policy) == "grüße"
    assert fetch_bytes([server.url("/x", "status:404"), server.url("/t", "ok")], max_bytes=7, policy=policy)
    assert len(fetch_bytes([server.url("/f", "truncate:1000", "ok")], max_bytes=3_000_000, policy=policy)) == 3_000_000
    with pytest.raises(UntrustedInput, match="more than the 6"):
        fetch_bytes([server.url("/t")], max_bytes=6, policy=policy)
    with pytest.raises(UntrustedInput, match="more than the 6"):
        fetch_bytes([server.url("/t", "chunked")], max_bytes=6, policy=policy)
    with pytest.raises(UntrustedInput, match="UTF-8"):
        fetch_text([server.url("/b")], max_bytes=6, policy=policy)
    with pytest.raises(NotFoundError):
        fetch_text([server.url("/b", "status:404")], max_bytes=6, policy=policy)


def items(server: Server, folder: Path, count: int, *words: str, size: bool = True) -> list[Item]:
    made = []
    for number in range(count):
        content = bytes([number]) * (1000 + number)
        server.bodies[f"/{number}"] = content
        made.append(
            Item(
                urls=(server.url(f"/{number}", *words),),
                dest=folder / f"f{number}",
                sha256=hashlib.sha256(content).hexdigest(),
                size=len(content) if size else None,
            )
        )
    return made


@pytest.mark.parametrize("size", [True, False])
def test_many_files_share_connections(server: Server, tmp_path: Path, policy: Download, size: bool) -> None:
    seen: list[tuple[int, int | None]] = []
    wanted = items(server, tmp_path, 100, size=size)
    paths = fetch_all(wanted, policy=policy, progress=lambda done, total: seen.append((done, total)))
    assert paths == [item.dest for item in wanted]
    assert all(path.read_bytes() == bytes([number]) * (1000 + number) for number, path in enumerate(paths))
    assert len(server.connections) <= policy.jobs
    assert seen[-1] == (104_950, 104_950 if size else None)
    assert fetch_all([], policy=policy) == []


def test_the_first_error_stops_the_rest(server: Server, tmp_path: Path, policy: Download) -> None:
    wanted = items(server, tmp_path, 200, "slow:0.02")
    server.url("/150", "status:404")
    begin = time.monotonic()
    with pytest.raises(NotFoundError, match="/150"):
        fetch_all(wanted, jobs=2, policy=policy)
    assert time.monotonic() - begin < 2
    assert len(names(tmp_path)) < 100
    count = len(server.seen)
    time.sleep(0.2)
    assert len(server.seen) == count


def test_an_error_ends_waits_and_bodies_of_the_others(
    server: Server, tmp_path: Path, body: bytes, sha: str, policy: Download
) -> None:
    long = Download(attempts=3, jobs=3, connect_seconds=5, read_seconds=20, backoff_seconds=20, longest_wait_seconds=60)
    waiting = Item(urls=(server.url("/w", "status:503"),), dest=tmp_path / "w", sha256=sha, size=len(body))
    slow = Item(urls=(server.url("/s", "slow:0.1"),), dest=tmp_path / "s", sha256=sha, size=len(body))
    bad = Item(urls=(server.url("/bad", "slow:0.3", "slow:0.3"),), dest=tmp_path / "b", sha256="0" * 64, size=100)
    server.bodies["/bad"] = b"x" * 100
    begin = time.monotonic()
    with pytest.raises(UntrustedInput, match="/bad"):
        fetch_all([waiting, slow, bad], policy=long)
    assert time.monotonic() - begin < 5
    assert names(tmp_path) == ["s.partial"]


CHILD = """
import sys, time
from pathlib import Path
from tests.support.web import Server
from wrongarch.downloads import Item, fetch, fetch_all
from wrongarch.settings import Download
policy = Download(attempts=2, jobs=2, connect_seconds=5, read_seconds=30, backoff_seconds=1, longest_wait_seconds=5)
url, dest, sha, how = sys.argv[1:]
try:
    if how == "all":
        fetch_all([Item(urls=(url,), dest=Path(dest + tail), sha256=sha) for tail in "ab"], policy=policy)
    else:
        fetch([url], Path(dest), sha256=sha, policy=policy)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


def child(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", CHILD, *words], stdout=subprocess.PIPE)


def test_two_processes_download_once(
    server: Server, tmp_path: Path, body: bytes, sha: str, requests_of: RequestsOf
) -> None:
    url = server.url("/f", "slow:0.02")
    children = [child(url, str(tmp_path / "file"), sha, "one") for _ in range(2)]
    assert [process.wait(30) for process in children] == [0, 0]
    assert requests_of("/f") == [None]
    assert (tmp_path / "file").read_bytes() == body
    assert names(tmp_path) == ["file"]


def wait_for(condition: Callable[[], Any]) -> None:
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError


def test_a_killed_download_is_resumed(
    server: Server, tmp_path: Path, body: bytes, sha: str, policy: Download, requests_of: RequestsOf
) -> None:
    partial = tmp_path / "file.partial"
    process = child(server.url("/f", "hang:1000000"), str(tmp_path / "file"), sha, "one")
    wait_for(lambda: partial.exists() and partial.stat().st_size >= 700_000)
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    arrived = partial.stat().st_size
    fetch([server.url("/f", "ok")], tmp_path / "file", sha256=sha, size=len(body), policy=policy)
    assert requests_of("/f") == [None, f"bytes={arrived}-"]
    assert (tmp_path / "file").read_bytes() == body


@pytest.mark.parametrize("how", ["one", "all"])
def test_an_interrupt_ends_it_at_once(server: Server, tmp_path: Path, sha: str, how: str) -> None:
    process = child(server.url("/f", "hang:1000000"), str(tmp_path / "file"), sha, how)
    wait_for(lambda: len(server.seen) > (how == "all"))
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    begin = time.monotonic()
    assert process.communicate(timeout=10)[0] == b"interrupted\n"
    assert time.monotonic() - begin < 4


def test_connections_are_not_shared_over_a_fork(server: Server, tmp_path: Path, policy: Download) -> None:
    fetch_bytes([server.url("/f")], max_bytes=1 << 22, policy=policy)
    pid = os.fork()
    if pid == 0:
        try:
            fetch_bytes([server.url("/f")], max_bytes=1 << 22, policy=policy)
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    assert len(server.connections) == 2


FULL = """
import sys
from pathlib import Path
from wrongarch.downloads import fetch
from wrongarch.errors import MachineError
from wrongarch.settings import Download
policy = Download(attempts=2, jobs=2, connect_seconds=5, read_seconds=5, backoff_seconds=1, longest_wait_seconds=5)
folder = Path(sys.argv[3])
try:
    fetch([sys.argv[1]], folder / "file", sha256=sys.argv[2], policy=policy)
except MachineError as error:
    print(error.what, error.fix, sep="|")
    print(sorted(entry.name for entry in folder.iterdir()))
"""


def test_a_full_disk_is_said_and_given_back(server: Server, tmp_path: Path, sha: str) -> None:
    script = 'mount -t tmpfs -o size=1m none "$4" && exec "$0" -c "$1" "$2" "$3" "$4"'
    done = subprocess.run(
        ["unshare", "-Urm", "sh", "-c", script, sys.executable, FULL, server.url("/f"), sha, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    said, left = done.stdout.splitlines()
    assert f"the file system at {tmp_path} is full" in said
    assert "WRONGARCH_CACHE" in said
    assert left == "[]"


def test_a_limit_on_file_sizes_is_said(server: Server, tmp_path: Path, sha: str) -> None:
    script = 'ulimit -f 100; exec "$0" -c "$1" "$2" "$3" "$4"'
    argv = ["sh", "-c", script, sys.executable, FULL, server.url("/f"), sha, str(tmp_path)]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=True)
    assert "ulimit" in done.stdout
    assert names(tmp_path) == []


def test_a_waiting_thread_finds_what_another_fetched(
    server: Server, tmp_path: Path, sha: str, policy: Download, requests_of: RequestsOf
) -> None:
    url = server.url("/f", "slow:0.01")
    threads = [
        threading.Thread(target=fetch, args=([url], tmp_path / "file"), kwargs={"sha256": sha, "policy": policy})
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert requests_of("/f") == [None]


def test_a_folder_that_cannot_be_made(tmp_path: Path, sha: str, policy: Download) -> None:
    (tmp_path / "file").touch()
    with pytest.raises((MachineError, NotADirectoryError, FileExistsError)):
        fetch(["http://127.0.0.1:9/x"], tmp_path / "file/below/x", sha256=sha, policy=policy)
