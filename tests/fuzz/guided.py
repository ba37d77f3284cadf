"""`python -m tests.fuzz.guided READER WORDS…`: one reader under atheris, until libFuzzer ends the process.

libFuzzer changes inputs by what of our code they reached; for that, ours is instrumented as it is imported.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["wrongarch", "tomllib"], enable_loader_override=False):
    from tests.fuzz.readers import by_name


def main(name: str, words: list[str]) -> None:
    """Never returns."""
    reader = by_name(name)

    def once(data: bytes) -> None:
        try:
            reader.read(data)
        except reader.allowed:
            return

    atheris.Setup([sys.argv[0], *words], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
