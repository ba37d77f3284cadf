"""Addresses taken apart, and credentials that stay with the origin they are for."""

from __future__ import annotations

import ipaddress
from urllib.parse import quote, unquote, urljoin, urlsplit

import msgspec

__all__ = ["Address", "Credential", "joined", "origin_of", "quoted", "split"]

_PORTS = {"http": 80, "https": 443}


class Credential(msgspec.Struct, frozen=True, kw_only=True):
    """A header that proves who we are, for one origin ("https://host:port"). Never shown: its repr leaves it out."""

    origin: str
    header: str
    value: str
    source: str

    def __repr__(self) -> str:
        return f"Credential({self.header} for {self.origin} from {self.source})"


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of an http(s) address: `host` without port, `base` with it as it was written, decoded path segments."""

    scheme: str
    host: str
    base: str
    segments: tuple[str, ...]
    query: str
    has_user: bool

    @property
    def is_local(self) -> bool:
        """Whether it is this machine, so that nothing can listen on the way."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def split(url: str) -> Address | None:
    """Take an address apart; None where it is none of http or https."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname:
        return None
    host = parts.hostname
    shown = f"[{host}]" if ":" in host else host
    base = f"{parts.scheme}://{shown}" + (f":{port}" if port not in (None, _PORTS[parts.scheme]) else "")
    segments = tuple(unquote(part) for part in parts.path.split("/") if part)
    return Address(
        scheme=parts.scheme, host=host, base=base, segments=segments, query=parts.query, has_user="@" in parts.netloc
    )


def origin_of(url: str) -> str:
    """Scheme, host and port (RFC 6454, 4): what a credential is good for. "" for what is no address: it is for none."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return ""
    host = (parts.hostname or "").lower()
    return f"{parts.scheme}://{host}:{port}"


def joined(url: str, location: str) -> str:
    """Where a redirect from `url` to `location` leads."""
    return urljoin(url, location)


def quoted(text: str) -> str:
    """`text` as one segment of a path."""
    return quote(text, safe="")
