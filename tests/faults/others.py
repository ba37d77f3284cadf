"""What is not a signal: a disk that fills up, a network that is cut, a clock that goes back, a daemon that dies."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults import checks, strikes
from tests.faults import project as projects
from tests.faults.lab import Lab, Run
from tests.faults.phases import BY_NAME, wait_for
from tests.faults.strikes import Outcome
from tests.support.daemons import Docker, folder_for

_AT_ONCE = 8
_FULL = "is full|No space left|no capsule of"
_PATIENCE = 300.0  # seconds in which a run that met a fault has to end
_TRIES = 4
_CLOCK = Path(__file__).with_name("clock.c")
Durations = dict[str, float]


def _until(lab: Lab, phase: str, seconds: float, *words: str, **env: str) -> Run:
    """A run that is `seconds` into a phase, or has ended before."""
    BY_NAME[phase].forget(lab)
    run = lab.start(*words, **env)
    if wait_for(BY_NAME[phase], run):
        end = time.monotonic() + seconds
        while time.monotonic() < end and run.process.poll() is None:
            time.sleep(0.01)
    return run


def _end(run: Run, outcome: Outcome, wanted: tuple[int, ...], words: str) -> None:
    """Wait for a run that met a fault: how it has to end, and a regular expression for what it has to say."""
    outcome.ended = run.wait(_PATIENCE)
    if outcome.ended is None:
        outcome.faults.append(f"it did not end within {_PATIENCE:g} s: {run.said[-1500:]}")
        run.process.kill()
    elif outcome.ended not in wanted or not re.search(words, run.said):
        outcome.faults.append(f"it ended with {outcome.ended}, and said: {run.said[-1500:]}")


def disk_full(lab: Lab, durations: Durations, chance: random.Random) -> Iterator[Outcome]:
    """The disk of the cache, then the disk of the runs, is full from some moment on; later there is space again."""
    places = {
        lab.cache: ("download", "toolbox", "image", "capsules"),
        lab.project / ".wrongarch": ("build", "tests", "capsules"),
    }
    for place, phases in places.items():
        for phase in filter(durations.__contains__, phases):  # a warm run has not all of them
            share = chance.random()
            outcome = Outcome(what=f"disk of {place.name} full at {share:.0%} of {phase}", phase=phase)
            began = time.monotonic()
            with _small_disk(place):
                run, filler = _filled(lab, place, phase, durations[phase] * share)
                # a capsule that cannot be kept does not end a run, and a step of a build has words of its own
                _end(run, outcome, (1, 3), _FULL)
                outcome.faults += checks.nothing_lives(lab, mounted=(place,))
                filler.unlink()
                _, faults = checks.next_start(lab, run)
                outcome.faults += [*faults, *checks.nothing_lives(lab, mounted=(place,))]
                outcome.faults += checks.everything_is_whole(lab, deeply=phase in ("toolbox", "image"))
            outcome.seconds = round(time.monotonic() - began, 1)
            yield outcome


def _filled(lab: Lab, place: Path, phase: str, seconds: float) -> tuple[Run, Path]:
    """A run whose disk is full `seconds` into a phase, or sooner if it was through by then; and what fills the disk."""
    for attempt in range(_TRIES):
        run = _until(lab, phase, seconds / 2**attempt)
        filler = _fill(place)
        run.wait(_PATIENCE)
        if re.search(_FULL, run.said) or not checks.is_through(run):
            break
        if attempt + 1 < _TRIES:
            filler.unlink()
    return run, filler


@contextmanager
def _small_disk(place: Path) -> Iterator[None]:
    """A file system of its own at `place`, with what was there; what is there in the end goes back."""
    place.mkdir(exist_ok=True)
    aside = place.with_name(f"{place.name}.aside")
    place.rename(aside)
    place.mkdir(mode=0o700)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1500m,mode=700", "tmpfs", place], check=True)
    try:
        subprocess.run(["cp", "-a", f"{aside}/.", place], check=True)
        yield
        shutil.rmtree(aside)
        subprocess.run(["cp", "-a", place, aside], check=True)
    finally:
        subprocess.run(["umount", "-l", place], check=True)
        place.rmdir()
        aside.rename(place)


def _fill(place: Path) -> Path:
    """Take all that is left, until not even a page can be had."""
    filler = place / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1 << 20))
        except OSError:
            pass
    return filler


def network_cut(lab: Lab, durations: Durations, chance: random.Random) -> Iterator[Outcome]:
    """Connections break, or hear nothing more; later the network is back."""
    for silent in (False, True):
        share = chance.random()
        how = "falls silent" if silent else "breaks"
        outcome = Outcome(what=f"the network {how} at {share:.0%} of download", phase="download")
        began = time.monotonic()
        lab.archive.silent = silent
        run = _until(lab, "download", durations["download"] * share * 0.8)
        lab.archive.cut.set()
        _end(run, outcome, (4,), "could not download|could be had")
        lab.archive.cut.clear()
        outcome.faults += checks.nothing_lives(lab)
        outcome.faults += strikes.afterwards(lab, run, deeply=True)
        outcome.seconds = round(time.monotonic() - began, 1)
        yield outcome


def clock_set_back(lab: Lab, durations: Durations, chance: random.Random) -> Iterator[Outcome]:
    """While a run goes, the time of day goes back by some days, for all of its processes but the guest's."""
    if shutil.which("cc") is None:
        yield Outcome(what="clock set back", phase="", faults=["there is no C compiler (package gcc)"])
        return
    library, clock = lab.folder / "clock.so", lab.folder / "clock"
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", library, _CLOCK], check=True)
    env = {"LD_PRELOAD": str(library), "WRONGARCH_FAULTS_CLOCK": str(clock)}
    for phase in filter(durations.__contains__, ("download", "image", "tests")):
        share = chance.random()
        days = chance.randint(1, 400)
        outcome = Outcome(what=f"the clock goes back {days} days at {share:.0%} of {phase}", phase=phase)
        began = time.monotonic()
        clock.write_text("0")
        run = _until(lab, phase, durations[phase] * share, **env)
        clock.write_text(str(-days * 86400))
        outcome.ended = run.wait(600)
        folder = run.folder
        if outcome.ended != 1 or folder is None:
            outcome.faults.append(f"it ended with {outcome.ended}: {run.said[-1500:]}")
        else:
            outcome.faults += checks.is_complete(lab, folder)
        outcome.faults += checks.nothing_lives(lab)
        outcome.faults += strikes.afterwards(lab, None, deeply=phase == "image")
        outcome.seconds = round(time.monotonic() - began, 1)
        yield outcome


def daemon_killed(lab: Lab, durations: Durations, chance: random.Random) -> Iterator[Outcome]:
    """dockerd, one of our own, is killed under a run; then it is started again, and so is the run."""
    with folder_for("docker") as folder:
        docker = Docker(folder)
        env = {**docker.env, "WRONGARCH_ENGINE": "docker"}
        try:
            first = lab.start(**env)
            first.wait(600)  # loads the image
            for phase in ("build", "tests", "tests", "capsules"):
                share = chance.random()
                outcome = Outcome(what=f"dockerd is killed at {share:.0%} of {phase}", phase=phase)
                began = time.monotonic()
                run = _until(lab, phase, durations[phase] * share * 0.7, **env)
                docker.kill()
                _end(run, outcome, (1, 3), ".")
                docker.start()
                again = lab.start(**env)
                if again.wait(600) != 1 or again.folder is None:
                    outcome.faults.append(f"the next start ended with {again.wait(0)}: {again.said[-1500:]}")
                else:
                    outcome.faults += checks.is_complete(lab, again.folder)
                outcome.faults += [*_containers(docker), *checks.nothing_lives(lab)]
                outcome.faults += checks.everything_is_whole(lab)
                outcome.seconds = round(time.monotonic() - began, 1)
                yield outcome
        finally:
            docker.stop()


def _containers(docker: Docker) -> list[str]:
    """What the daemon still has after a while: it removes in its own time, and cannot list what goes away meanwhile."""
    end = time.monotonic() + checks.GONE
    while (left := _listed(docker)) and time.monotonic() < end:
        time.sleep(0.2)
    return left


def _listed(docker: Docker) -> list[str]:
    found = []
    for words in (["ps", "--all", "--quiet"], ["volume", "ls", "--quiet"]):
        env = {**os.environ, **docker.env}
        done = subprocess.run(["docker", *words], env=env, capture_output=True, text=True, check=False)
        found += [f"docker {words[0]}: {line} is left" for line in done.stdout.split()]
        found += [f"docker {words[0]}: {done.stderr.strip()}"] if done.returncode else []
    return found


def eight_at_once(lab: Lab, _durations: Durations, _chance: random.Random) -> Iterator[Outcome]:
    """Eight runs at the same moment, with a cache and a project in which nothing is: all come out right."""
    for phase in ("download", "toolbox"):
        BY_NAME[phase].forget(lab)
    for name in ("builds", "runs"):
        shutil.rmtree(lab.project / ".wrongarch" / name, ignore_errors=True)
    lab.archive.seen.clear()
    outcome = Outcome(what=f"{_AT_ONCE} runs at once from nothing", phase="all")
    began = time.monotonic()
    runs = [lab.start("--jobs", "1") for _ in range(_AT_ONCE)]
    codes = [run.wait(1500) for run in runs]
    outcome.ended = codes[0]
    if codes != [1] * _AT_ONCE:
        outcome.faults.append(f"they ended with {codes}: {[run.said[-500:] for run in runs]}")
    for folder in lab.run_folders():
        outcome.faults += checks.is_complete(lab, folder)
    if len(lab.run_folders()) != _AT_ONCE:
        outcome.faults.append(f"{len(lab.run_folders())} run folders")
    for words in ("unpacking the toolbox", "finishing the image", f"building {projects.NAME} for {projects.ARCH}"):
        made = sum(words in run.said for run in runs)
        if made != 1:
            outcome.faults.append(f"{made} of {_AT_ONCE} runs did this: {words}")
    twice = [path for path, times in Counter(path for path, _ in lab.archive.seen).items() if times > 1]
    outcome.faults += [f"downloaded more than once: {path}" for path in twice]
    outcome.faults += [*checks.nothing_lives(lab), *checks.everything_is_whole(lab, deeply=True)]
    outcome.seconds = round(time.monotonic() - began, 1)
    yield outcome


OTHERS: dict[str, Callable[[Lab, Durations, random.Random], Iterator[Outcome]]] = {
    "disk": disk_full,
    "network": network_cut,
    "clock": clock_set_back,
    "daemon": daemon_killed,
    "eight": eight_at_once,
}
