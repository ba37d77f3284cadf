"""Runs inside the namespaces, as process 1. Standard library only: see `wrongarch.namespaces`."""
