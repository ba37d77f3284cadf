"""Charts as inline SVG, drawn by pygal, in the colours of the page so that they are readable in light and in dark."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pygal
from markupsafe import Markup
from pygal.style import Style

from wrongarch.reports.words import duration
from wrongarch.runs.history.queries import PastRun

_STYLE = {
    "background": "transparent",
    "plot_background": "transparent",
    "foreground": "#777777",
    "foreground_strong": "#777777",
    "foreground_subtle": "#777777",
    "font_family": "inherit",
    "label_font_size": 11,
    "major_label_font_size": 11,
    "transition": "0s",
}


def trend(runs: Sequence[PastRun]) -> Markup:
    """How long the last runs took, with those that were red in the colour of failures."""
    chart = pygal.StackedBar(
        js=(),  # pygal's tooltips are a script from its makers' server
        disable_xml_declaration=True,
        width=720,
        height=200,
        show_legend=False,
        margin=4,
        x_label_rotation=0,
        truncate_label=-1,
        value_formatter=duration,
        y_labels_major_count=3,
        show_minor_y_labels=False,
        style=Style(colors=("#2da44e", "#cf222e"), **_STYLE),
    )
    chart.x_labels = [runs[0].started[:10], *("" for _ in runs[2:]), runs[-1].started[:10]]
    chart.add("green", [None if run.red else run.elapsed for run in runs])
    chart.add("red", [run.elapsed if run.red else None for run in runs])
    text: str = chart.render(is_unicode=True)
    text = re.sub(r"<!--.*?-->|<script.*?</script>", "", text, flags=re.DOTALL)  # its settings for that script
    text = text.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)  # a table beside it says the same
    return Markup(text)  # noqa: S704  pygal escapes what it is given
