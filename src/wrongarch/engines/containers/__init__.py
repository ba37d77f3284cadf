"""Engines with a daemon, docker and podman: the same agent as the sandbox's, started inside a container.

`locate` finds a daemon and `api` talks to it, the only module to know the docker SDK; `payload` is the native Python
that the agent needs; `images` has an image in the daemon; `engine` opens sessions; `registrar` changes the host's
binfmt_misc by a container of ours; `sweep` removes what dead runs left.
"""
