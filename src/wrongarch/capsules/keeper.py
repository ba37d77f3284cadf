"""Writes capsules while a run goes: a thread of its own looks at each failing test again and packs it.

A capsule appears in `capsules/` of the run's folder whole or not at all. What goes wrong with one is told and stops
nothing: the results of the run do not depend on it.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from wrongarch.capsules.capture import Capturer, Taken
from wrongarch.capsules.frames import Format
from wrongarch.capsules.make import Maker
from wrongarch.capsules.write import Written
from wrongarch.engines.base import Outcome
from wrongarch.errors import WrongarchError
from wrongarch.recipes.suites.base import Case, Verdict
from wrongarch.runs.keeper import Scene

FOLDER = "capsules"
DEFAULT_MOST = 5
_QUIET = 1.0  # seconds of waiting that need no word


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What to keep: of at most `most` failing tests a capsule each, and one of all these together."""

    most: int = DEFAULT_MOST
    full: bool = False
    form: Format = "zst"


class CapsuleKeeper:
    """See `wrongarch.runs.keeper.Keeper`. `say` hears a line for what people have to know."""

    def __init__(self, wish: Wish, say: Callable[[str], None]) -> None:
        self.written: list[Written] = []
        self.passed_over = 0
        self._wish = wish
        self._say = say
        self._asked = 0
        self._taken: list[Taken] = []
        self._waiting: queue.SimpleQueue[tuple[Case, Outcome | None, Verdict | None] | None] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._scene: Scene  # of `begin`, which comes first
        self._folder = Path()

    def begin(self, scene: Scene, folder: Path) -> None:
        """Remember where it happens."""
        self._scene, self._folder = scene, folder / FOLDER

    def failed(self, case: Case, outcome: Outcome | None, verdict: Verdict | None) -> None:
        """Have it captured, unless there are enough."""
        if self._asked >= self._wish.most:
            self.passed_over += 1
            return
        self._asked += 1
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="wrongarch-capsules", daemon=True)
            self._thread.start()
        self._waiting.put((case, outcome, verdict))

    def finish(self) -> None:
        """Wait for what is under way, then write the capsule of all."""
        if self._thread is None:
            return
        self._waiting.put(None)
        self._thread.join(_QUIET)
        if self._thread.is_alive():
            self._say("packing what failed into capsules …")
            self._thread.join()

    def abandon(self) -> None:
        """Let go of what waits; what is being written is not waited for."""
        self._stop.set()
        self._waiting.put(None)

    def _work(self) -> None:
        maker: Maker | None = None
        while (asked := self._waiting.get()) is not None and not self._stop.is_set():
            case = asked[0]
            try:
                capturer = Capturer(self._scene)
                maker = maker or Maker(capturer)
                taken = capturer.take(*asked)
                self._write(maker, [taken])
                self._taken.append(taken)
            except (WrongarchError, OSError) as error:
                if not self._stop.is_set():
                    self._say(f"no capsule of {case.id}: {error}")
        if maker is not None and len(self._taken) > 1 and not self._stop.is_set():
            try:
                self._write(maker, self._taken)
            except (WrongarchError, OSError) as error:
                self._say(f"no capsule of the run: {error}")

    def _write(self, maker: Maker, taken: list[Taken]) -> None:
        self._folder.mkdir(exist_ok=True)
        written = maker.write(self._folder, taken, full=self._wish.full, form=self._wish.form)
        self.written.append(written)
