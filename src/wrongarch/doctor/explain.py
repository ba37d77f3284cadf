"""Which probe explains an error: found by where the error was raised, so that no error has to name one itself."""

from __future__ import annotations

from types import TracebackType

from wrongarch.errors import MachineError, NetworkError

# the innermost frame that is listed wins
_PLACES = {
    "wrongarch.namespaces.trouble": "namespaces",
    "wrongarch.namespaces.session": "namespaces",
    "wrongarch.namespaces.ids": "subordinate-ids",
    "wrongarch.engines.sandbox": "namespaces",
    "wrongarch.engines.containers.registrar": "host-registrations",
    "wrongarch.engines.containers": "docker",
    "wrongarch.emulators.store": "caches",
    "wrongarch.images.store": "caches",
    "wrongarch.downloads": "mirror",
    "wrongarch.debian.pool": "mirror",
    "wrongarch.forges": "tokens",
}
_WORDS = (("the file system at", "disk"), ("podman", "podman"), ("docker", "docker"), ("memory", "memory"))


def probe_of(error: BaseException) -> str:
    """The name of the probe, "" for errors that this machine and its network have no part in."""
    if not isinstance(error, MachineError | NetworkError):
        return ""
    for word, probe in _WORDS[:1]:
        if word in error.what:
            return probe
    found = ""
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        found = _listed(module) or found
        trace = trace.tb_next
    if found == "docker":
        return next((probe for word, probe in _WORDS[1:] if word in error.what), found)
    return found


def _listed(module: str) -> str:
    while module:
        if module in _PLACES:
            return _PLACES[module]
        module = module.rpartition(".")[0]
    return ""


def line(error: BaseException) -> str:
    """What to type to have it looked into, "" where no probe would."""
    probe = probe_of(error)
    return f"wrongarch doctor --only {probe}" if probe else ""
