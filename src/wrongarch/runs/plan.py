"""What a run will execute: suites, filter, shard."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from wrongarch.errors import UsageError
from wrongarch.recipes import model
from wrongarch.recipes.suites.base import Case, Harness, Kind
from wrongarch.runs.expectations import Expectations
from wrongarch.runs.model import Options
from wrongarch.runs.shards import divide

_SHARD = re.compile(r"(\d{1,6})/(\d{1,6})")
_WORD = re.compile(r"\w{3,}")
_LOOKED_THROUGH = 3000  # ids compared when nothing was found; more takes seconds


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The cases of a run, sorted by id, and the suites they come from.

    `whole` says that nothing of the suites in `suites` was left out, so that their minimum counts apply.
    """

    kinds: dict[str, Kind]
    cases: list[Case]
    whole: bool

    @property
    def suites(self) -> Counter[str]:
        """How many executions there are of each suite."""
        return Counter(case.suite for case in self.cases)


def parse_shard(text: str) -> tuple[int, int] | None:
    """(K, N) of "K/N", None for "". Raises UsageError unless 1 <= K <= N."""
    if not text:
        return None
    found = _SHARD.fullmatch(text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise UsageError(f"{text!r} is no shard", fix="give --shard K/N with 1 <= K <= N, for example --shard 1/4")
    return int(found[1]), int(found[2])


def select_suites(suites: Iterable[model.Suite], wanted: Sequence[str], arch: str) -> list[model.Suite]:
    """The suites to run on `arch`, all or those named. Raises UsageError for a name that is none of them."""
    every = {suite.name: suite for suite in suites}
    here = {name: suite for name, suite in every.items() if not suite.arches or arch in suite.arches}
    for name in wanted:
        if name not in every:
            near = difflib.get_close_matches(name, every, n=1)
            meant = f"; did you mean {near[0]!r}?" if near else ""
            raise UsageError(f"there is no suite {name!r}{meant}", fix=f"suites of this recipe: {', '.join(every)}")
        if name not in here:
            listed = ", ".join(here) or "none in this recipe"
            raise UsageError(f"suite {name!r} is not for {arch}", fix=f"suites for {arch}: {listed}")
    return [suite for name, suite in here.items() if not wanted or name in wanted]


def make_plan(
    kinds: Mapping[str, Kind],
    options: Options,
    expectations: Expectations,
    seconds: Mapping[str, float] | None = None,
) -> Plan:
    """List, filter, sort and shard, by the `seconds` that tests took before (by id) where they are known.

    Raises UsageError where nothing is left, with ids that are near.
    """
    shard = parse_shard(options.shard)
    every = [case for kind in kinds.values() for case in kind.cases()]
    expectations.refuse_idle(every, [name for name, kind in kinds.items() if not isinstance(kind, Harness)])
    if not every:
        raise UsageError(f"no test in {', '.join(kinds) or 'any suite'}", fix="check the suites' folder and pattern")
    cases = _chosen(every, kinds, options)
    cases.sort(key=lambda case: case.id)
    if shard is not None:
        number, of = shard
        if number > len(cases):
            what = f"shard {options.shard} is empty: there are {len(cases)} executions"
            raise UsageError(what, fix=f"use at most {len(cases)} shards")
        part = divide([case.id for case in cases], seconds or {}, of)[number - 1]
        cases = [cases[index] for index in part]
    return Plan(kinds=dict(kinds), cases=cases, whole=not options.filter and shard is None)


def _chosen(every: list[Case], kinds: Mapping[str, Kind], options: Options) -> list[Case]:
    """The cases that the filter names. Only a harness knows its tests: it gets the filter if nothing else is meant.

    That is, if it is the suite asked for, if the filter begins with its name, or if no other test fits.
    """
    expression = options.filter
    harnesses = {name: kind for name, kind in kinds.items() if isinstance(kind, Harness)}
    if not expression or not harnesses:
        return _filtered(every, expression)
    named = {name for name in harnesses if re.match(rf"\^?{re.escape(name)}/", expression)}
    wanted = _expression(expression)
    others = [case for case in every if wanted.search(case.id)]
    meant = [name for name in harnesses if name in named or name in options.suites or not others]
    for name in meant:
        harnesses[name].pass_on(expression)
    return [*others, *(case for case in every if case.suite in meant and case not in others)]


def _filtered(cases: list[Case], expression: str) -> list[Case]:
    if not expression:
        return cases
    wanted = _expression(expression)
    found = [case for case in cases if wanted.search(case.id)]
    if not found:
        near = near_ids(cases, expression)
        listed = "\n".join(f"  {one}" for one in near)
        raise UsageError(
            f'no test matches "{expression}", of {len(cases)}',
            fix="choose one of those below" if near else "see the ids in results.json of any run",
            detail=listed,
        )
    return found


def _expression(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise UsageError(
            f"{text!r} is no regular expression: {error}",
            fix="quote it for the shell, and write \\ before ( ) [ ] . * + ? that stand for themselves",
        ) from error


def near_ids(cases: Sequence[Case], wanted: str, most: int = 5) -> list[str]:
    """Ids that share the most words with `wanted`, or that are spelled like it."""
    words = {word.lower() for word in _WORD.findall(wanted)}
    scored = Counter({case.id: sum(word in case.id.lower() for word in words) for case in cases})
    sharing = [name for name, score in scored.most_common(most) if score]
    if sharing:
        return sharing
    step = max(1, len(cases) // _LOOKED_THROUGH)
    return difflib.get_close_matches(wanted, [case.id for case in cases[::step]], n=most, cutoff=0.3)
