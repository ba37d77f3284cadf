"""`python -m tests.faults`: kill real runs of `wrongarch test arm`, and look at what is left."""

from __future__ import annotations

import argparse
import json
import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from tests.faults import phases, plans, strikes
from tests.faults.lab import Lab, lab
from tests.faults.others import OTHERS
from tests.faults.strikes import Outcome


def main() -> int:
    options = _options()
    # what a shell starts in the background ignores SIGINT, and so would the runs (sh(1))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    began = time.monotonic()
    outcomes: list[Outcome] = []
    with lab(warm=options.warm, planted=options.planted) as place:
        durations = json.loads(options.durations) if options.durations else _measured(place)
        for outcome in _all(place, durations, options):
            outcomes.append(outcome)
            print(f"{outcome.what}: exit {outcome.ended}, {outcome.seconds:.0f} s", flush=True)
            for fault in outcome.faults:
                print(f"    FAULT {fault}", flush=True)
        if options.keep:
            print(f"left for you to look at: {place.folder} (Enter removes it)")
            sys.stdin.readline()
    bad = sum(bool(outcome.faults) for outcome in outcomes)
    print(f"{len(outcomes)} faults met, {bad} of them with something wrong, {time.monotonic() - began:.0f} s")
    if options.json:
        document = {"seed": options.seed, "durations": durations, "outcomes": msgspec.to_builtins(outcomes)}
        options.json.write_text(json.dumps(document, indent=1))
    return 1 if bad else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=50, metavar="N", help="strikes in the plan")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same plan")
    parser.add_argument("--first", type=int, default=1, metavar="K", help="begin with the K-th strike of the plan")
    parser.add_argument("--last", type=int, metavar="L", help="stop after the L-th strike")
    parser.add_argument("--plan", action="store_true", help="print the plan and do nothing")
    parser.add_argument(
        "--also", action="append", default=[], choices=sorted(OTHERS), help="other faults after the kills (repeatable)"
    )
    parser.add_argument("--warm", action="store_true", help="begin with emulator and toolbox out of the usual cache")
    parser.add_argument(
        "--durations", metavar="JSON", help="how long phases take, as an earlier call measured them: no first run"
    )
    parser.add_argument("--planted", action="store_true", help="run the failing tests alone: runs are shorter")
    parser.add_argument("--keep", action="store_true", help="wait before the lab is removed")
    parser.add_argument("--json", type=Path, metavar="FILE", help="everything as JSON")
    options = parser.parse_args()
    if options.plan:
        for strike in plans.strikes(options.kills, options.seed):
            print(strike.words)
        raise SystemExit(0)
    return options


def _measured(place: Lab) -> dict[str, float]:
    """A first run from nothing (but what is warm), and how long its parts took."""
    run = place.start()
    found = phases.measure(run, warm=place.warm)
    assert run.wait(0) == 1, run.said
    print("measured: " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in found.items()), flush=True)
    return found


def _all(place: Lab, durations: dict[str, float], options: argparse.Namespace) -> Iterator[Outcome]:
    for strike in plans.strikes(options.kills, options.seed, durations):
        if options.first <= strike.number <= (options.last or options.kills):
            yield strikes.strike(place, strike, durations)
    for name in options.also:
        yield from OTHERS[name](place, durations, random.Random(f"{options.seed} {name}"))


if __name__ == "__main__":
    raise SystemExit(main())
