"""An HTTP server on loopback that misbehaves by script."""

from __future__ import annotations

import hashlib
import random
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BODY = random.Random(7).randbytes(3_000_000)
SHA = hashlib.sha256(BODY).hexdigest()


class Server(ThreadingHTTPServer):
    """Paths that are in neither `script` nor `bodies` are not there.

    `script[path]` is what successive requests meet; the last word stays. `seen` has (path, Range header)
    of each request.
    """

    daemon_threads = True

    def __init__(self, host: str = "127.0.0.1", handler: type[Handler] | None = None) -> None:
        super().__init__((host, 0), handler or Handler)
        self.refuses: tuple[str, ...] = ()  # headers that nobody should send here
        self.refused: list[str] = []  # paths that were asked for with one of them
        self.script: dict[str, list[str]] = {}
        self.bodies: dict[str, bytes] = {}
        self.seen: list[tuple[str, str | None]] = []
        self.connections: set[tuple[str, int]] = set()
        self.closing = threading.Event()

    @property
    def base(self) -> str:
        return f"http://{self.server_address[0]}:{self.server_port}"

    def url(self, path: str, *words: str) -> str:
        self.script[path] = list(words) or ["ok"]
        return self.base + path

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients of these tests hang up early; that is no news."""


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.server.seen.append((self.path, wanted))
        self.server.connections.add(self.client_address)
        if any(name in self.headers for name in self.server.refuses):
            self.server.refused.append(self.path)
            self.head(400, Content_Length=0)
            return
        path = self.path.partition("?")[0]
        missing = "ok" if path in self.server.bodies else "status:404"
        words = self.server.script.get(path, [missing])
        word, _, argument = (words.pop(0) if len(words) > 1 else words[0]).partition(":")
        body = self.server.bodies.get(path, BODY)
        getattr(self, f"do_{word}")(body, wanted, argument)

    def head(self, status: int, **headers: object) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def do_ok(self, body: bytes, wanted: str | None, _argument: str, shorter: int = 0, slow: float = 0) -> None:
        start = int(re.fullmatch(r"bytes=(\d+)-", wanted)[1]) if wanted else 0  # type: ignore[index]
        if start >= len(body) and wanted:
            self.head(416, Content_Range=f"bytes */{len(body)}", Content_Length=0)
            return
        part = body[start:]
        if wanted:
            content_range = f"bytes {start}-{len(body) - 1}/{len(body)}"
            self.head(206, Content_Length=len(part), Content_Range=content_range)
        else:
            self.head(200, Content_Length=len(part))
        part = part[: len(part) - shorter] if shorter < len(part) else part[: len(part) // 2]
        for begin in range(0, len(part), 50_000):
            self.wfile.write(part[begin : begin + 50_000])
            time.sleep(slow)
        if shorter:
            self.close_connection = True

    def do_slow(self, body: bytes, wanted: str | None, argument: str) -> None:
        self.do_ok(body, wanted, "", slow=float(argument))

    def do_truncate(self, body: bytes, wanted: str | None, argument: str) -> None:
        """Close the connection `argument` bytes before the end."""
        self.do_ok(body, wanted, "", shorter=int(argument))

    def do_norange(self, body: bytes, _wanted: str | None, argument: str) -> None:
        self.do_ok(body, None, "", shorter=int(argument or 0))

    def do_otherrange(self, body: bytes, wanted: str | None, _argument: str) -> None:
        self.head(206, Content_Length=10, Content_Range=f"bytes 0-9/{len(body)}")
        self.wfile.write(body[:10])

    def do_openrange(self, body: bytes, wanted: str | None, _argument: str) -> None:
        start = int(re.fullmatch(r"bytes=(\d+)-", wanted or "")[1])  # type: ignore[index]
        self.head(206, Content_Length=len(body) - start, Content_Range=f"bytes {start}-{len(body) - 1}/*")
        self.wfile.write(body[start:])

    def do_wrong(self, body: bytes, wanted: str | None, _argument: str) -> None:
        self.do_ok(bytes(reversed(body)), wanted, "")

    def do_endless(self, body: bytes, _wanted: str | None, _argument: str) -> None:
        self.head(200, Transfer_Encoding="chunked")
        while not self.server.closing.is_set():
            self.wfile.write(b"10000\r\n" + bytes(0x10000) + b"\r\n")

    def do_chunked(self, body: bytes, _wanted: str | None, argument: str) -> None:
        self.head(200, Transfer_Encoding="chunked")
        for begin in range(0, len(body), 60_000):
            part = body[begin : begin + 60_000]
            self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
            if argument:
                self.close_connection = True
                return
        self.wfile.write(b"0\r\n\r\n")

    def do_status(self, _body: bytes, _wanted: str | None, argument: str) -> None:
        status, _, wait = argument.partition(",")
        headers = {"Retry_After": wait} if wait else {}
        self.head(int(status), Content_Length=4, **headers)
        self.wfile.write(b"no!\n")

    def do_redirect(self, _body: bytes, _wanted: str | None, argument: str) -> None:
        self.head(302, Location=argument, Content_Length=0)

    def do_reset(self, _body: bytes, _wanted: str | None, _argument: str) -> None:
        self.close_connection = True

    def do_hang(self, body: bytes, _wanted: str | None, argument: str) -> None:
        if argument:
            self.head(200, Content_Length=len(body))
            self.wfile.write(body[: int(argument)])
        self.server.closing.wait(30)
        self.close_connection = True

    def log_message(self, *_: object) -> None: ...


@contextmanager
def serving(server: Server | None = None) -> Iterator[Server]:
    server = server or Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()
