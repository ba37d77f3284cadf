"""Debian's archive: mirrors, indices, pool files, and the .deb format."""
