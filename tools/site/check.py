"""`python -m tools.site.check FOLDER`: all links of a built site lead somewhere in it, nothing comes from outside."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

LOADING = {("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("video", "src"), ("audio", "src")}
LOADING_RELATIONS = {
    *("stylesheet", "icon", "manifest"),
    *("preload", "prefetch", "preconnect", "dns-prefetch", "modulepreload"),
}


class Reader(HTMLParser):
    """Collects the ids of a page, its links, and what it loads."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Called by the parser for each element."""
        given = {name: value or "" for name, value in attrs}
        self.ids.update(given[name] for name in ("id", "name") if name in given)
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        self.loaded += [given[name] for name in given if (tag, name) in LOADING]
        if tag == "link" and LOADING_RELATIONS & set(given.get("rel", "").split()):
            self.loaded.append(given["href"])


def faults(site: Path) -> Iterator[str]:
    """What is wrong with the site, a line each."""
    pages = {page: _read(page) for page in sorted(site.rglob("*.html"))}
    for page, reader in pages.items():
        where = page.relative_to(site)
        for address in reader.loaded:
            if urlsplit(address).scheme not in ("", "data") or address.startswith("//"):
                yield f"{where} loads {address}"
            elif not urlsplit(address).scheme and not _file(page, site, urldefrag(address)[0]).is_file():
                yield f"{where} loads {address}, which is not there"
        for link in reader.links:
            if urlsplit(link).scheme or link.startswith("//"):
                continue
            path, anchor = urldefrag(link)
            target = _file(page, site, path) if path else page
            if not target.is_file():
                yield f"{where} links to {link}, which is not there"
            elif anchor and target in pages and unquote(anchor) not in pages[target].ids | {"__top"}:
                yield f"{where} links to {link}: there is no such anchor"
    for sheet in site.rglob("*.css"):
        for word in ("@import url(http", "url(http", "url(//"):
            if word in sheet.read_text(encoding="utf-8"):
                yield f"{sheet.relative_to(site)} loads from outside: {word}"


def _read(page: Path) -> Reader:
    reader = Reader()
    reader.feed(page.read_text(encoding="utf-8"))
    return reader


def _file(page: Path, site: Path, path: str) -> Path:
    plain = unquote(urlsplit(path).path)
    found = (site / plain.lstrip("/") if plain.startswith("/") else page.parent / plain).resolve()
    return found / "index.html" if found.is_dir() else found


def main(words: list[str]) -> int:
    """Exit code 1 if anything is wrong."""
    found = list(faults(Path(words[0]).resolve()))
    for line in found:
        sys.stderr.write(f"{line}\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
