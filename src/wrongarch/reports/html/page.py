"""The page: template, style and script put into one file that may not load anything."""

from __future__ import annotations

import base64
import functools
import hashlib
from pathlib import Path

import jinja2
from markupsafe import Markup

import wrongarch
from wrongarch.reports.html.data import Page
from wrongarch.reports.words import duration, plural

_HERE = Path(__file__).parent


@functools.cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=True,  # what tests print is a stranger's text
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(duration=duration, plural=plural)
    return environment.get_template("report.html.j2")


def render(page: Page) -> str:
    """The whole file."""
    script = (_HERE / "report.js").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    # https://www.w3.org/TR/CSP3: nothing may be loaded, and no script may run but ours
    policy = f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    return _template().render(
        page=page,
        policy=Markup(f"{policy}; form-action 'none'"),  # noqa: S704  ours
        style=Markup((_HERE / "report.css").read_text("utf-8")),  # noqa: S704  ours
        script=Markup(script),  # noqa: S704  ours
        version=wrongarch.__version__,
    )
