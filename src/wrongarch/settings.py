"""What the user or the machine says about mirrors and downloads; `defaults.toml` says the rest.

For the Debian mirror the first of these wins: WRONGARCH_DEBIAN_MIRROR, `debian.mirror` in the user's config.toml, what
apt on this machine uses for the Debian archive, the default. The same goes for WRONGARCH_DEBIAN_SNAPSHOT and
`debian.snapshot`. WRONGARCH_REGISTRY wins over `images.registry`.
"""

from __future__ import annotations

import functools
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from wrongarch import paths
from wrongarch.errors import UsageError

MIRROR_VARIABLE = "WRONGARCH_DEBIAN_MIRROR"
SNAPSHOT_VARIABLE = "WRONGARCH_DEBIAN_SNAPSHOT"
REGISTRY_VARIABLE = "WRONGARCH_REGISTRY"

Origin = Literal["environment", "config", "apt", "default"]
Positive = Annotated[float, msgspec.Meta(gt=0)]
Count = Annotated[int, msgspec.Meta(ge=1, le=64)]

_SNAPSHOT_URI = re.compile(r"^(https?://.+?)/archive/debian/\d{8}T\d{6}Z$")
_PLAIN_SUITE = re.compile(r"^(?!.*[-/])[a-z]+$")
_NO_CODENAME = {"stable", "main", "default", "any"}  # suites that third parties use, too
_OPTION = re.compile(r"^\s*deb\s+(?:\[(?P<options>[^\]]*)\]\s*)?(?P<uri>\S+)\s+(?P<suite>\S+)\s+(?P<components>.*)$")


class Debian(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where Debian's archive is: base addresses without a slash at the end.

    Files are looked for at `mirror`, then at `fallback` (set where `mirror` was only a guess from apt's sources), then
    in the archive of snapshots at `snapshot`. `origin` says who chose `mirror`.
    """

    mirror: str
    snapshot: str
    fallback: str | None = None
    origin: Origin = "default"

    @property
    def mirrors(self) -> tuple[str, ...]:
        """The mirrors to try, in order."""
        return (self.mirror,) if self.fallback is None else (self.mirror, self.fallback)


class Download(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How patient downloads are; times in seconds, `attempts` per address, `jobs` files at once.

    `longest_asked_seconds` is the longest wait that a server can ask for; None: as between any attempts.
    """

    attempts: Count
    jobs: Count
    connect_seconds: Positive
    read_seconds: Positive
    backoff_seconds: Positive
    longest_wait_seconds: Positive
    longest_asked_seconds: Positive | None = None


class Build(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How builds in an image go: `cache` is what is asked before a compiler runs, `cache_gib` how large it may grow."""

    cache: Literal["ccache", "sccache", "off"]
    cache_gib: Annotated[int, msgspec.Meta(ge=1, le=1024)]


class Images(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where images may be had from instead of being built: a repository such as registry.example/team/roots, or ""."""

    registry: str


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All settings, defaults filled in."""

    debian: Debian
    download: Download
    build: Build
    images: Images


@functools.cache
def current() -> Settings:
    """The settings of this process, read once."""
    return load(os.environ, paths.config_dir() / "config.toml", Path("/"))


def load(env: Mapping[str, str], config: Path, root: Path) -> Settings:
    """Settings from an environment, a config file (may be missing) and the apt configuration of the machine at `root`.

    Raises UsageError, naming the key by its path, for a key that is unknown or a value that is wrong.
    """
    defaults = tomllib.loads(Path(__file__).with_name("defaults.toml").read_text(encoding="utf-8"))
    own = _read_config(config)
    merged: dict[str, Any] = {**defaults, **own}
    for name, table in defaults.items():
        if isinstance(own.get(name, {}), dict):
            merged[name] = {**table, **own.get(name, {})}
    for key in ("fallback", "origin"):  # ours to set
        if isinstance(own.get("debian"), dict) and key in own["debian"]:
            raise UsageError(f"{config}: unknown key - at `$.debian.{key}`", fix="remove it")
    try:
        checked = msgspec.convert(merged, Settings)
    except msgspec.ValidationError as error:
        raise UsageError(f"{config}: {error}", fix="correct it; defaults.toml of wrongarch has all keys") from error
    in_config = own.get("debian", {})
    images = Images(registry=env.get(REGISTRY_VARIABLE, checked.images.registry))
    return msgspec.structs.replace(checked, debian=_debian(checked.debian, in_config, env, config, root), images=images)


def _read_config(config: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(config.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{config} is not valid TOML: {error}", fix="correct or remove it") from error
    except OSError as error:
        raise UsageError(f"cannot read {config}: {error.strerror}", fix="make it a file that you can read") from error


def _debian(merged: Debian, own: Mapping[str, Any], env: Mapping[str, str], config: Path, root: Path) -> Debian:
    snapshot, mirror, fallback = merged.snapshot, merged.mirror, None
    origin: Origin = "default"
    sources = list(_apt_archives(root)) if "mirror" not in own or "snapshot" not in own else []
    if "snapshot" not in own:
        snapshot = next((match[1] for uri in sources if (match := _SNAPSHOT_URI.match(uri))), snapshot)
    if "mirror" in own:
        origin = "config"
    elif uri := next((uri for uri in sources if not _SNAPSHOT_URI.match(uri)), None):
        origin, mirror, fallback = "apt", uri, mirror if uri != mirror else None
    if env.get(MIRROR_VARIABLE):
        origin, mirror, fallback = "environment", env[MIRROR_VARIABLE], None
    snapshot = env.get(SNAPSHOT_VARIABLE) or snapshot
    return Debian(
        mirror=_base(mirror, f"the Debian mirror ({MIRROR_VARIABLE}, or debian.mirror in {config})"),
        snapshot=_base(snapshot, f"the snapshot archive ({SNAPSHOT_VARIABLE}, or debian.snapshot in {config})"),
        fallback=fallback,
        origin=origin,
    )


def _base(address: str, what: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", address):
        raise UsageError(f"{what} is {address!r}, which is no http or https address", fix="write http://host/debian")
    return address.rstrip("/")


def _apt_archives(root: Path) -> Iterator[str]:
    """Addresses from which apt takes the main Debian archive, most certain first.

    Third parties also publish under Debian's codenames and `/debian`. What apt has verified tells them apart for sure
    (the Origin of the signed index, where it is kept); else the path, the suite and the key it is signed by must fit.
    """
    verified, guessed = [], []
    for uri, suite, components, key in _apt_entries(root):
        if not uri.startswith(("http://", "https://")) or "main" not in components or not _PLAIN_SUITE.match(suite):
            continue
        origin = _verified_origin(root, uri, suite)
        if origin == ("Debian", "Debian"):
            verified.append(uri)
        elif origin is None and _looks_like_debian(uri, suite, key):
            guessed.append(uri)
    guessed.sort(key=lambda uri: not re.match(r"https?://([^/]+\.)?debian\.org/", uri))
    yield from dict.fromkeys(verified + guessed)


def _looks_like_debian(uri: str, suite: str, key: str) -> bool:
    if key and "debian-archive" not in key:
        return False
    is_archive = uri.endswith("/debian") or _SNAPSHOT_URI.match(uri) is not None
    return is_archive and suite not in _NO_CODENAME


def _verified_origin(root: Path, uri: str, suite: str) -> tuple[str, str] | None:
    """Origin and Label in the index that apt keeps for this archive, None if it keeps none (apt's URItoFileName)."""
    name = f"{re.sub(r'^https?://', '', uri)}/dists/{suite}".replace("_", "%5f").replace("/", "_")
    for kind in ("InRelease", "Release"):
        with_index = root / "var/lib/apt/lists" / f"{name}_{kind}"
        try:
            head = with_index.read_text(errors="replace")[:4096]
        except (OSError, ValueError):  # ValueError: a zero byte in the address
            continue
        fields = dict(re.findall(r"^(Origin|Label): *(.*?) *$", head, re.MULTILINE))
        return fields.get("Origin", ""), fields.get("Label", "")
    return None


def _apt_entries(root: Path) -> Iterator[tuple[str, str, list[str], str]]:
    """(uri, suite, components, signed-by) of each enabled binary source (sources.list(5))."""
    etc = root / "etc/apt"
    parts = etc / "sources.list.d"
    for file in [etc / "sources.list", *sorted(parts.glob("*.list")), *sorted(parts.glob("*.sources"))]:
        try:
            text = file.read_text(errors="replace")
        except OSError:
            continue
        yield from _deb822(text) if file.suffix == ".sources" else _one_line(text)


def _one_line(text: str) -> Iterator[tuple[str, str, list[str], str]]:
    for line in text.splitlines():
        match = _OPTION.match(line.partition("#")[0])
        if match:
            signed = re.search(r"signed-by=(\S+)", match["options"] or "", re.IGNORECASE)
            key = signed[1] if signed else ""
            yield match["uri"].rstrip("/"), match["suite"], match["components"].split(), key


def _deb822(text: str) -> Iterator[tuple[str, str, list[str], str]]:
    text = re.sub(r"^#.*\n?", "", text, flags=re.MULTILINE)  # a comment inside of a paragraph does not end it
    for paragraph in re.split(r"\n[ \t]*\n", text):
        fields = {
            key.lower(): value.split()
            for key, value in re.findall(r"^([A-Za-z-]+):((?:.*)(?:\n[ \t].*)*)", paragraph, re.MULTILINE)
        }
        if "deb" not in fields.get("types", []) or fields.get("enabled", ["yes"])[:1] in (["no"], ["false"], ["0"]):
            continue
        for uri in fields.get("uris", []):
            for suite in fields.get("suites", []):
                yield uri.rstrip("/"), suite, fields.get("components", []), " ".join(fields.get("signed-by", []))
