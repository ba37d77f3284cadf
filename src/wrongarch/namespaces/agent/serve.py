"""The agent's loop: start commands, pass on their output, hold them to their limits, reap everything.

One thread, one selector. It is process 1 of its namespace, so every orphan becomes its child, and all that is left dies
with it.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import selectors
import signal
import socket
import time
from typing import Any

from wrongarch.namespaces.agent import frames
from wrongarch.namespaces.agent.child import Child
from wrongarch.namespaces.agent.feed import Feeds
from wrongarch.namespaces.agent.judge import Judge
from wrongarch.namespaces.agent.machine import Answers
from wrongarch.namespaces.agent.watch import Census, Usage

WATCH_SECONDS = 0.1
HIGH_WATER = 4 << 20  # bytes waiting for the session; beyond this commands block on their pipes instead
CHUNK = 1 << 16
DRAIN_SECONDS = 2.0
KILL_ROUNDS = 200


class Server:
    """Serves one session over `control` until it closes."""

    def __init__(self, control: socket.socket, judge: Judge, answers: Answers | None = None) -> None:
        self._control = control
        self._answers = answers
        self._judge = judge
        self._outlive = False
        self._reader = frames.Reader()
        self._descriptors: list[int] = []
        self._out = bytearray()
        self._children: dict[int, Child] = {}
        self._by_pid: dict[int, Child] = {}
        self._draining: dict[int, float] = {}
        self._census = Census()
        self._next_watch = 0.0
        self._paused = self._waiting = False
        self._selector = selectors.DefaultSelector()
        self._feeds = Feeds(self._selector)
        self._woken, wake = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        control.setblocking(False)
        self._selector.register(control, selectors.EVENT_READ)
        self._selector.register(self._woken, selectors.EVENT_READ)
        if answers is not None:
            self._selector.register(answers, selectors.EVENT_READ)

    def send(self, frame: bytes) -> None:
        """Queue a frame and write what the socket takes."""
        self._out += frame
        self._flush()

    def loop(self) -> None:
        """Until the session hangs up."""
        while True:
            for key, _ in self._selector.select(self._patience()):
                if key.fileobj is self._control:
                    self._flush()
                    if not self._receive():
                        if self._outlive:
                            self._wait_for_ever()
                        return
                elif key.fd == self._woken:
                    with contextlib.suppress(BlockingIOError):
                        os.read(self._woken, CHUNK)
                elif key.fileobj is self._answers and self._answers is not None:
                    self._answers.give()
                elif key.fd in self._feeds.waiting:
                    self._feeds.write(self._feeds.waiting[key.fd])
                else:
                    self._read_pipe(self._children[key.data], key.fd)
            self._reap()
            self._watch()
            self._finish()

    def _wait_for_ever(self) -> None:
        """Keep everything as it is, for somebody who wants to look around; ended by who ends process 1."""
        while True:
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            time.sleep(1)

    def _patience(self) -> float | None:
        if self._draining:
            return 0.01
        if not self._children:
            return None
        now = time.monotonic()
        live = self._by_pid.values()
        moments = [child.deadline for child in live if child.deadline is not None and not child.reason]
        moments.append(max(self._next_watch, now))
        soonest: float = min(moments)
        return max(0.0, soonest - now)

    def _receive(self) -> bool:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, CHUNK, 8)
        except BlockingIOError:
            return True
        except ConnectionResetError:
            return False
        self._descriptors += descriptors
        for kind, number, payload in self._reader.feed(data):
            if kind == frames.SPAWN:
                self._spawn(number, json.loads(payload))
            elif kind == frames.KILL and number in self._children:
                self._stop(self._children[number], "signal")
            elif kind == frames.INPUT:
                self._feeds.take(number, payload)
            elif kind == frames.SIZE and number in self._children:
                self._children[number].resize(**json.loads(payload))
            elif kind == frames.QUIT:
                self._outlive = json.loads(payload)["keep"]
                return False
        return bool(data)

    def _spawn(self, number: int, order: dict[str, Any]) -> None:
        count: int = order["descriptors"]
        descriptors, self._descriptors = self._descriptors[:count], self._descriptors[count:]
        descriptors += self._feeds.gathered(number)
        try:
            child = Child(number, order, descriptors)
        except (OSError, ValueError) as error:
            self.send(frames.pack_json(frames.FAILED, number, {"error": _explain(error, order)}))
            return
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        self._children[number] = self._by_pid[child.pid] = child
        self._next_watch = max(self._next_watch, child.started + WATCH_SECONDS)
        if child.terminal is not None:
            self._send_terminal(child)
        if child.input is not None:
            self._feeds.begin(number, child.input)
        self.send(frames.pack_json(frames.BEGAN, number, {"interpreter": self._judge.of(child.pid)}))
        for descriptor in child.pipes:
            os.set_blocking(descriptor, False)
            if not self._paused:
                self._selector.register(descriptor, selectors.EVENT_READ, number)

    def _send_terminal(self, child: Child) -> None:
        terminal, child.terminal = child.terminal, None
        if terminal is None:
            return
        self._control.setblocking(True)
        self._flush()
        socket.send_fds(self._control, [frames.pack(frames.TERMINAL, child.number, b"")], [terminal])
        self._control.setblocking(False)
        os.close(terminal)

    def _read_pipe(self, child: Child, descriptor: int) -> None:
        try:
            data = os.read(descriptor, CHUNK)
        except BlockingIOError:
            return
        except OSError:  # a terminal whose last user is gone (EIO)
            data = b""
        if data:
            kind = frames.ERR if descriptor == child.stderr else frames.OUT
            self.send(frames.pack(kind, child.number, data))
        else:
            self._forget_pipe(child, descriptor)

    def _forget_pipe(self, child: Child, descriptor: int) -> None:
        with contextlib.suppress(KeyError):
            self._selector.unregister(descriptor)
        child.pipes.pop(descriptor).close()

    def _flush(self) -> None:
        while self._out:
            try:
                sent = self._control.send(memoryview(self._out)[:CHUNK])
            except BlockingIOError:
                break
            except (BrokenPipeError, ConnectionResetError):
                os._exit(0)  # the session is gone; process 1's end is everybody's end
            del self._out[:sent]
        if bool(self._out) != self._waiting:
            self._waiting = bool(self._out)
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._waiting else 0)
            self._selector.modify(self._control, events)
        if (len(self._out) > HIGH_WATER) != self._paused:
            self._set_paused(not self._paused)

    def _set_paused(self, paused: bool) -> None:
        self._paused = paused
        if not paused:  # time to read what waited in the pipes
            self._draining = {number: time.monotonic() + DRAIN_SECONDS for number in self._draining}
        for child in self._children.values():
            for descriptor in child.pipes:
                if paused:
                    with contextlib.suppress(KeyError):
                        self._selector.unregister(descriptor)
                else:
                    self._selector.register(descriptor, selectors.EVENT_READ, child.number)

    def _reap(self) -> None:
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            child = self._by_pid.pop(pid, None)
            if child is not None:
                if not child.reason:
                    self._end(child)
                child.reaped(status, usage)
                self._draining[child.number] = max(time.monotonic() + DRAIN_SECONDS, child.killed_at or 0)

    def _leaders(self) -> dict[int, int]:
        return {child.pid: number for number, child in self._children.items()}

    def _end(self, child: Child) -> None:
        """Kill all processes of a command."""
        seen = self._stopped(child)
        _signal_all(seen, signal.SIGKILL)
        child.stray += len(seen - {child.pid})

    def _stopped(self, child: Child) -> set[int]:
        """All processes of a command, stopped.

        What is killed makes room for another fork, what is stopped does not, so a program that forks without end is
        caught as a whole. What nobody is known to have started counts as this command's if no other runs: it took care
        not to be known.
        """
        seen: set[int] = set()
        alone = not self._by_pid.keys() - {child.pid}
        for _ in range(KILL_ROUNDS):
            found = self._census.scan(self._leaders())
            left = (found.get(number, Usage()).pids for number in ((child.number, 0) if alone else (child.number,)))
            fresh = {pid for pids in left for pid in pids} - seen
            if not fresh:
                break
            _signal_all(fresh, signal.SIGSTOP)
            seen |= fresh
        return seen

    def _stop(self, child: Child, reason: str) -> None:
        if child.reason:
            return
        child.reason = reason
        if not child.grace or reason not in ("signal", "timeout"):
            self._end(child)
            return
        child.killed_at = time.monotonic() + child.grace
        asked = self._stopped(child)  # or one that is just being forked would not hear of it
        _signal_all(asked, signal.SIGTERM)
        _signal_all(asked, signal.SIGCONT)

    def _watch(self) -> None:
        now = time.monotonic()
        for child in list(self._by_pid.values()):
            if child.deadline is not None and now >= child.deadline:
                self._stop(child, "timeout")
            self._kill_late(child, now)
        if now < self._next_watch or not self._by_pid:
            return
        self._next_watch = now + WATCH_SECONDS
        usage = self._census.scan(self._leaders())
        for child in self._by_pid.values():
            seen = usage.get(child.number)
            if seen is None:
                continue
            child.peak = max(child.peak, seen.rss)
            if child.memory is not None and seen.rss > child.memory:
                self._stop(child, "memory")
            elif child.processes is not None and len(seen.pids) > child.processes:
                self._stop(child, "processes")

    def _is_ending(self, child: Child, now: float) -> bool:
        """Whether a command was asked to end, and has time left and processes that may be at it."""
        if child.killed_at is None or now >= child.killed_at:
            return False
        return bool(self._census.scan(self._leaders()).get(child.number, Usage()).pids)

    def _kill_late(self, child: Child, now: float) -> None:
        """Kill those who were asked to end, and have not."""
        if child.killed_at is not None and now >= child.killed_at:
            child.killed_at = None
            self._end(child)

    def _finish(self) -> None:
        """Report those that ended and whose output has been read to its end."""
        now = time.monotonic()
        for number, deadline in list(self._draining.items()):
            child = self._children[number]
            if (child.pipes and (now < deadline or self._paused)) or self._is_ending(child, now):
                continue
            self._kill_late(child, math.inf)
            for descriptor in list(child.pipes):
                self._forget_pipe(child, descriptor)
            self._feeds.end(number)
            del self._draining[number], self._children[number]
            self.send(frames.pack_json(frames.EXIT, number, {**(child.ended or {}), "stray": child.stray}))


def _signal_all(pids: set[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _explain(error: OSError | ValueError, order: dict[str, Any]) -> str:
    text = error.strerror or str(error) if isinstance(error, OSError) else str(error)
    return frames.plain(f"{''.join(order['argv'][:1]) or 'a command'} in {order['cwd']}: {text}")
