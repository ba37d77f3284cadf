"""`python -m tools.manual [--check]`: write the generated files, or say which of them are not as the code has it."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.manual.reference import files

CHECKOUT = Path(__file__).parents[2]


def main(words: list[str]) -> int:
    """Exit code 1 with `--check` and a file that differs."""
    stale = [name for name, text in files().items() if not _same(CHECKOUT / name, text)]
    if words == ["--check"]:
        for name in stale:
            sys.stderr.write(f"{name} is not as the code has it: python -m tools.manual, and commit the result\n")
        return int(bool(stale))
    for name in stale:
        (CHECKOUT / name).parent.mkdir(parents=True, exist_ok=True)
        (CHECKOUT / name).write_text(files()[name], encoding="utf-8")
        sys.stdout.write(f"wrote {name}\n")
    return 0


def _same(file: Path, text: str) -> bool:
    return file.is_file() and file.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
