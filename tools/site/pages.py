"""Hooks of mkdocs (https://www.mkdocs.org/user-guide/configuration/#hooks): which pages the site has.

Pages of the checkout's top folder become pages of the site, links between both kinds work in either place, and entries
of the navigation whose page nobody has written yet are left out.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

TOP = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md", "SECURITY.md": "vulnerabilities.md"}
LATER = ("webkit.md", "acceleration.md")
"""Pages with a place in the navigation, and perhaps without a file."""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Fill in the navigation: decisions in their order, nothing for pages that are not there."""
    docs = Path(config.docs_dir)
    config.nav = _present(config.nav or [], docs)
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages of the top folder."""
    for name, page in TOP.items():
        text = (Path(config.docs_dir).parent / name).read_text(encoding="utf-8")
        files.append(File.generated(config, page, content=text.replace("](docs/", "](")))
    return files


def on_page_markdown(markdown: str, *, page: Page, **_others: object) -> str:
    """Links to the top folder lead to its pages here."""
    depth = page.file.src_uri.count("/")
    for name, target in TOP.items():
        markdown = re.sub(rf"\]\((?:\.\./)*{re.escape(name)}", f"]({'../' * depth}{target}", markdown)
    return markdown


def _present(nav: list[Any], docs: Path) -> list[Any]:
    kept: list[Any] = []
    for entry in nav:
        ((title, target),) = entry.items()
        if isinstance(target, list):
            kept.append({title: _present(target, docs)})
        elif target.endswith("/"):
            pages = sorted((docs / target).glob("*.md"), key=lambda page: (page.name != "index.md", page.name))
            kept.append({title: [f"{target}{page.name}" for page in pages]})
        elif target not in LATER or (docs / target).is_file():
            kept.append(entry)
    return kept
