"""Results as JSON for other programs, and the JSON Schema of it."""

from __future__ import annotations

from typing import Any

import msgspec

from wrongarch.runs.model import RunDocument


def json_results(document: RunDocument) -> bytes:
    """The content of `results.json`, indented, with a newline at its end."""
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


def results_schema() -> dict[str, Any]:
    """The JSON Schema of `results.json`."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(RunDocument)}
