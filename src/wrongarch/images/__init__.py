"""Debian roots: what goes into one, its lock, how it is built."""
