"""One file over HTTP: attempts, waits, ranges.

Imported at the first download only: requests and tenacity take longer to load than the rest of the package.
"""

from __future__ import annotations

import datetime
import email.utils
import hashlib
import os
import re
import threading
from collections.abc import Callable
from typing import IO, Any

import msgspec
import requests
import tenacity
import urllib3

from wrongarch import __version__
from wrongarch.downloads.origins import Credential, joined, origin_of
from wrongarch.settings import Download

_CHUNK = 1 << 16
_TEMPORARY = {408, 425, 429}  # and 5xx
_NUMBER = re.compile(r"[0-9]{1,18}")  # isdigit() is also true of ² and the like, which are no numbers to int()
_CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18}|\*)")
_HEADERS = {"Accept-Encoding": "identity", "User-Agent": f"wrongarch/{__version__}"}
_QUERY = re.compile(r"\?[^\s'\")]+")
_REDIRECTS = {301, 302, 303, 307, 308}
_MOST_REDIRECTS = 10
_local = threading.local()


class AgainError(Exception):
    """Worth another try, after `wait` seconds if the server said so."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class AddressError(Exception):
    """This address will not deliver; another one may.

    `kind` is "gone", "refused" (401 or 403, in `status`), "wrong" (other content) or "failed".
    """

    def __init__(self, reason: str, kind: str = "failed", status: int = 0) -> None:
        super().__init__(reason)
        self.kind, self.status = kind, status


class CancelledError(Exception):
    """Another download failed, or the user interrupted."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a file must be: its SHA-256 in hex and its size in bytes where known, and at most `limit` bytes."""

    sha256: str | None = None
    size: int | None = None
    limit: int
    credential: Credential | None = None


class Transfer:
    """Fills one file from one address after the other. Without a hash nothing is resumed: it could not be checked."""

    def __init__(
        self,
        file: IO[bytes],
        wanted: Wanted,
        policy: Download,
        *,
        progress: Callable[[int, int | None], None],
        cancel: threading.Event,
    ) -> None:
        self._file, self._sha256, self._size = file, wanted.sha256, wanted.size
        self._credential = wanted.credential
        self._limit = wanted.limit if wanted.size is None else wanted.size
        self._progress, self._policy, self._cancel = progress, policy, cancel
        self._hash = hashlib.sha256()
        self._length = 0
        self._fruitless = 0  # attempts since the file last grew longer than ever
        if wanted.sha256 is not None:
            while chunk := file.read(_CHUNK):
                self._hash.update(chunk)
                self._length += len(chunk)
        self._record = self._length

    def run(self, url: str) -> None:
        """Fill the file from `url`; raises AddressError if that does not work in the end."""
        self._fruitless = 0
        fresh = False  # whether wrong content has been thrown away once
        retrying = tenacity.Retrying(
            stop=lambda _state: self._fruitless >= self._policy.attempts,
            wait=self._wait,
            retry=tenacity.retry_if_exception_type(AgainError),
            sleep=self._sleep,
            reraise=True,
        )
        while True:
            try:
                retrying(self._attempt, url)
            except AgainError as error:
                raise AddressError(f"{error} ({self._policy.attempts} attempts)") from error
            if self._sha256 in (None, found := self._hash.hexdigest()):
                return
            self._reset()
            if fresh:
                raise AddressError(f"its SHA-256 is {found}, not {self._sha256}", "wrong")
            fresh = True

    def _attempt(self, url: str) -> None:
        if self._sha256 is None or (self._size is not None and self._length > self._size):
            self._reset()
        if self._size is not None and self._length == self._size:
            return
        try:
            self._request(url)
        except (AgainError, AddressError):
            self._fruitless = 0 if self._length > self._record else self._fruitless + 1
            self._record = max(self._record, self._length)
            raise

    def _request(self, url: str) -> None:
        headers = _HEADERS | ({"Range": f"bytes={self._length}-"} if self._length else {})
        timeout = (self._policy.connect_seconds, self._policy.read_seconds)
        try:
            with self._open(url, headers, timeout) as response:
                self._receive(response)
        except (requests.exceptions.SSLError, requests.exceptions.TooManyRedirects) as error:
            raise AddressError(_reason(error, self._policy)) from error
        except (requests.exceptions.ConnectionError, requests.exceptions.Timeout) as error:
            raise AgainError(_reason(error, self._policy)) from error
        except urllib3.exceptions.HTTPError as error:
            raise AgainError(_reason(error, self._policy)) from error
        except (requests.exceptions.RequestException, ValueError) as error:
            raise AddressError(f"not a usable address: {error}") from error

    def _open(self, url: str, headers: dict[str, str], timeout: tuple[float, float]) -> requests.Response:
        """The response, after redirects; a credential is sent to its own origin only, each step of the way.

        requests would take only `Authorization` out on the way to another host, and put in what it finds in a netrc.
        """
        if self._credential is None:
            return _session().get(url, headers=headers, stream=True, timeout=timeout)
        own, here = self._credential, url
        for _ in range(_MOST_REDIRECTS):
            proof = {own.header: own.value} if origin_of(here) == own.origin else {}
            response = _session().get(
                here, headers=headers | proof, stream=True, timeout=timeout, allow_redirects=False, auth=_nobody
            )
            location = response.headers.get("Location")
            if response.status_code not in _REDIRECTS or not location:
                return response
            response.close()
            there = joined(here, location)
            if here.startswith("https:") and not there.startswith("https:"):
                raise AddressError("it redirects from https to an address without")
            here = there
        raise AddressError(f"more than {_MOST_REDIRECTS} redirects")

    def _receive(self, response: requests.Response) -> None:
        total = self._begin(response)
        if total is not None and total > self._limit:
            raise AddressError(f"the server has {total} bytes, more than the {self._limit} expected", "wrong")
        if None not in (total, self._size) and total != self._size:
            raise AddressError(f"the server has {total} bytes, not {self._size}", "wrong")
        for chunk in response.raw.stream(_CHUNK, decode_content=False):
            if self._cancel.is_set():
                raise CancelledError
            self._write(chunk)
            self._progress(self._length, self._size or total)
        expected = self._size or total
        if expected is not None and self._length < expected:
            raise AgainError(f"the connection ended after {self._length} of {expected} bytes")

    def _begin(self, response: requests.Response) -> int | None:
        """Look at the status and go to the place where the body belongs; the length of the whole file if known."""
        status = response.status_code
        if status == 206:
            start, total = _range(response.headers.get("Content-Range", ""))
            if start != self._length:
                self._reset()
                raise AgainError("the server sent another range than asked for", 0.0)
            return total
        if status == 416:  # what we have is as long as the server's file or longer, and it was not right
            self._reset()
            raise AgainError("the server has no more than we have, and that is not right", 0.0)
        if status in _TEMPORARY or status >= 500:
            raise AgainError(f"HTTP {status} {response.reason}", _retry_after(response.headers.get("Retry-After")))
        if status == 401 or (status == 403 and self._credential is not None):
            if response.headers.get("Retry-After"):  # a limit on requests, as GitHub tells it
                wait = _retry_after(response.headers["Retry-After"])
                raise AgainError(f"HTTP {status} {response.reason}", wait)
            raise AddressError(f"HTTP {status} {response.reason}", "refused", status)
        if status != 200:
            raise AddressError(f"HTTP {status} {response.reason}", "gone" if status in (404, 410) else "failed")
        self._reset()  # from the start, asked for or not
        length = response.headers.get("Content-Length", "")
        return int(length) if _NUMBER.fullmatch(length) else None

    def _write(self, chunk: bytes) -> None:
        if self._length + len(chunk) > self._limit:
            self._reset()
            raise AddressError(f"the server sends more than the {self._limit} bytes expected", "wrong")
        view = memoryview(chunk)
        while view:  # the file is unbuffered, so that a full disk shows here; such a write may be short
            view = view[self._file.write(view) :]
        self._hash.update(chunk)
        self._length += len(chunk)

    def _reset(self) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._hash = hashlib.sha256()
        self._length = 0

    def _wait(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        longest = self._policy.longest_wait_seconds
        if isinstance(error, AgainError) and error.wait is not None:
            return min(error.wait, self._policy.longest_asked_seconds or longest)
        first = self._policy.backoff_seconds
        backoff = tenacity.wait_exponential(multiplier=first, max=longest) + tenacity.wait_random(0, first)
        return min(backoff(state), longest)

    def _sleep(self, seconds: float) -> None:
        if self._cancel.wait(seconds):
            raise CancelledError


def _session() -> requests.Session:
    """This thread's session; connections are kept for the next file, but not over a fork."""
    if getattr(_local, "pid", None) != os.getpid():
        _local.pid, _local.session = os.getpid(), requests.Session()
    session: requests.Session = _local.session
    return session


def _nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Proves nothing: with it, requests does not look for a netrc."""
    return request


class StrictSession(requests.Session):
    """A session for libraries that bring their own requests: what proves who we are never leaves for another origin.

    `said` is called with the seconds that a server asks us to wait for (Retry-After).
    """

    def __init__(self, said: Callable[[float], None]) -> None:
        super().__init__()
        self.auth = _nobody
        self._said = said

    def rebuild_auth(self, prepared_request: requests.PreparedRequest, response: requests.Response) -> None:
        """Called by requests before it follows a redirect."""
        if origin_of(str(prepared_request.url)) != origin_of(str(response.request.url)):
            for name in ("Authorization", "PRIVATE-TOKEN", "JOB-TOKEN"):
                prepared_request.headers.pop(name, None)

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """As usual, and listen for how long we should wait."""
        response = super().send(request, **kwargs)
        wait = _retry_after(response.headers.get("Retry-After")) if response.status_code == 429 else None
        if wait is not None:
            self._said(wait)
        return response


def _range(value: str) -> tuple[int | None, int | None]:
    """Where a part begins, and the length of the whole, by a Content-Range header; None for what it does not say."""
    match = _CONTENT_RANGE.fullmatch(value)
    if match is None:
        return None, None
    return int(match[1]), None if match[2] == "*" else int(match[2])


def _retry_after(value: str | None) -> float | None:
    """Seconds to wait by a Retry-After header, which has seconds or a date (RFC 9110, 10.2.3)."""
    if value is None:
        return None
    value = value.strip()
    if _NUMBER.fullmatch(value):
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    return max(0.0, (moment - datetime.datetime.now(datetime.UTC)).total_seconds())


def _reason(error: BaseException, policy: Download) -> str:
    """The cause at the bottom of the layers of exceptions, in plain words."""
    if isinstance(error, requests.exceptions.ConnectTimeout | urllib3.exceptions.ConnectTimeoutError):
        return f"no connection within {policy.connect_seconds:g} s"
    if isinstance(error, requests.exceptions.ReadTimeout | urllib3.exceptions.ReadTimeoutError):
        return f"nothing received for {policy.read_seconds:g} s"
    seen: list[Any] = [error]
    while seen:
        here = seen.pop()
        if isinstance(here, urllib3.exceptions.IncompleteRead):
            return "the connection ended early"
        if isinstance(here, urllib3.exceptions.NameResolutionError):
            return "the host name cannot be resolved"
        if isinstance(here, OSError) and here.strerror and not isinstance(here, requests.exceptions.RequestException):
            return here.strerror
        below = [getattr(here, "reason", None), here.__cause__, here.__context__, *here.args]
        seen += [item for item in below if isinstance(item, BaseException)]
    return _QUERY.sub("?…", str(error))  # the query of an address can be as good as a password
