"""The reference pages and the man page, made from the code: `python -m tools.manual` writes, `--check` compares."""
