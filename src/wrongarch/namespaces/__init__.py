"""User namespaces: a private root with private registrations, and the agent that runs commands in it.

The host side (`session`, `ids`) talks to the `agent` package over one socket. The agent imports nothing but the
standard library and finishes importing before it enters the foreign root, where no Python exists.
"""
