"""Every error a user can meet, and the one exit code of each kind.

Raise the narrowest class; give `what` (what failed and why, one sentence) and `fix` (what to type or do next).
The command line prints both and exits with the class's code. Nothing else in the package knows exit codes.
"""

from __future__ import annotations

from typing import ClassVar


class WrongarchError(Exception):
    """Base of all errors meant for the user.

    Parameters: `what` says what failed and why; `fix` says what to do next (may be empty);
    `detail` is longer evidence (tool output), printed below, may be empty.
    """

    exit_code: ClassVar[int] = 70

    def __init__(self, what: str, *, fix: str = "", detail: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix
        self.detail = detail


class TestsFailed(WrongarchError):
    """The run worked; tests failed, or a proof of fidelity did not hold."""

    __test__ = False  # keeps pytest from collecting it
    exit_code = 1


class UsageError(WrongarchError):
    """A word on the command line, or a file the user wrote, is wrong."""

    exit_code = 2


class MachineError(WrongarchError):
    """This machine cannot do it: kernel too old, no namespaces, disk full."""

    exit_code = 3


class NetworkError(WrongarchError):
    """The network, a mirror or a forge did not deliver."""

    exit_code = 4


class UntrustedInput(WrongarchError):
    """Damaged or hostile input: wrong hash, bad signature, malformed archive."""

    exit_code = 5


class InternalError(WrongarchError):
    """Our bug. The command line writes a report that can be pasted."""

    exit_code = 70


class Interrupted(WrongarchError):
    """The user pressed Ctrl-C, or the process was asked to end."""

    exit_code = 130
