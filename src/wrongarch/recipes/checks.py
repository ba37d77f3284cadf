"""What the types of a recipe cannot say: names that have to exist, be unique, or fit together."""

from __future__ import annotations

import difflib
import re
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

from wrongarch.arches import lookup
from wrongarch.recipes import model, templates


def meant(word: str, known: Iterable[str]) -> str:
    """The end of a sentence that names the known words near to `word`, or nothing."""
    near = difflib.get_close_matches(word, list(known), n=2, cutoff=0.6)
    return f"; did you mean {' or '.join(repr(name) for name in near)}?" if near else ""


def faults(contents: model.RecipeFile, folder: Path) -> Iterator[tuple[str, str]]:
    """What the types cannot say, as (what, fix)."""
    if folder.name != contents.name and folder.parent.name == "recipes":
        yield f"name {contents.name!r} differs from the folder's, {folder.name!r}", "give both the same name"
    image = contents.image
    if image.like is not None and (image.packages or image.arch or image.exclude):
        yield "image.like stands alone: the other image is used as it is", "remove the other keys of [image]"
    if image.like is None and not image.packages:
        yield "[image] needs packages, or like = another recipe's name", 'for example: packages = ["gcc", "libc6-dev"]'
    yield from _wrong_arches("image.arch", image.arch)
    yield from _build_faults("build", contents.build)
    yield from _sources_faults(contents)
    yield from _twice("suites", [suite.name for suite in contents.suites])
    for number, suite in enumerate(contents.suites):
        yield from _suite_faults(f"suites[{number}]", suite)
    for number, entry in enumerate(contents.expected):
        yield from _expected_faults(f"expected[{number}]", entry, contents)


def _build_faults(at: str, build: model.Build) -> Iterator[tuple[str, str]]:
    for number, step in enumerate(build.steps):
        words = (step,) if isinstance(step, str) else step
        yield from _wrong_names(f"{at}.steps[{number}]", words, {*templates.BUILD_NAMES, *build.settings})
        if not "".join(words).strip():
            yield f"{at}.steps[{number}] is empty", "remove it"
    for product in build.products:
        if product.startswith("/") or ".." in product.split("/"):
            yield f"{at}.products: {product!r} has to lie in the build folder", "give a path relative to it"
    steps = [word for step in build.steps for word in ((step,) if isinstance(step, str) else step)]
    if build.cross and not any("{cc}" in word for word in steps):
        yield f"{at}.cross without {{cc}} in a step would build for the wrong machine", "compile with {cc}"
    yield from _settings_faults(f"{at}.settings", build.settings, build)
    for name in build.settings:
        if name in templates.BUILD_NAMES:
            yield f"{at}.settings: {name!r} has a meaning already", "give it another name"


def _settings_faults(at: str, settings: dict[str, str], build: model.Build) -> Iterator[tuple[str, str]]:
    for name, words in settings.items():
        if name not in build.settings:
            yield f"{at}: there is no setting {name!r}{meant(name, build.settings)}", "add it to build.settings"
        try:
            shlex.split(words)
        except ValueError as error:
            yield f"{at}.{name} cannot be taken apart as a shell does: {error}", "close the quotes"


def _sources_faults(contents: model.RecipeFile) -> Iterator[tuple[str, str]]:
    """What the types cannot say of ways to build the program, and of what is limited to some of them."""
    variants = {model.PACKAGED}
    for name, source in contents.sources.items():
        at = f"sources.{name}"
        yield from _build_faults(f"{at}.build", source.build)
        yield from _unknown(f"{at}.image", (source.image,), contents.images)
        yield from _unknown(f"{at}.variant", (source.variant,), source.variants)
        variants.update(source.variants)
        for variant, what in source.variants.items():
            yield from _wrong_arches(f"{at}.variants.{variant}.arches", what.arches)
            yield from _settings_faults(f"{at}.variants.{variant}.settings", what.settings, source.build)
        if name == model.PACKAGED or not re.fullmatch(model.NAME_PATTERN, name):
            yield f"{at}: {name!r} is no name for a source", "lower case letters, digits, . _ -, and not packaged"
    for name, image in contents.images.items():
        yield from _wrong_arches(f"images.{name}.arch", image.arch)
        if image.like is not None or not image.packages:
            yield f"images.{name} needs packages, and has no like", "name the Debian packages of the build"
    sources = {model.PACKAGED, *contents.sources}
    for number, suite in enumerate(contents.suites):
        yield from _unknown(f"suites[{number}].sources", suite.sources, sources)
        for mode in suite.modes:
            yield from _unknown(f"suites[{number}].modes.{mode.name}.variants", mode.variants, variants)
    for number, suite in enumerate(contents.suites):
        if isinstance(suite, model.WebkitSuite):
            builds = [contents.sources[name].build for name in suite.sources if name in contents.sources]
            for build in builds or [contents.build]:
                yield from _wrong_names(f"suites[{number}].options", suite.options, build.settings)
    for number, entry in enumerate(contents.expected):
        yield from _unknown(f"expected[{number}].sources", entry.sources, sources)
        yield from _unknown(f"expected[{number}].variants", entry.variants, variants)


def _unknown(at: str, names: Iterable[str], known: Iterable[str]) -> Iterator[tuple[str, str]]:
    known = sorted(known)
    for name in names:
        if name not in known:
            yield f"{at}: there is no {name!r}{meant(name, known)}", f"known there: {', '.join(known) or 'nothing'}"


def _suite_faults(at: str, suite: model.Suite) -> Iterator[tuple[str, str]]:
    yield from _twice(f"{at}.modes", [mode.name for mode in suite.modes])
    yield from _wrong_arches(f"{at}.arches", suite.arches)
    yield from _wrong_arches(f"{at}.arch_minimum", suite.arch_minimum)
    for mode in suite.modes:
        yield from _wrong_arches(f"{at}.modes.{mode.name}.arches", mode.arches)
    yield from _wrong_expression(f"{at}.reject", suite.reject)
    if isinstance(suite, model.ScriptsSuite):
        yield from _wrong_names(f"{at}.command", suite.command, templates.SCRIPT_NAMES, ("program", "test"))
    elif isinstance(suite, model.Test262Suite):
        yield from _test262_faults(at, suite)
    elif isinstance(suite, model.WebkitSuite):
        yield from _wrong_names(f"{at}.command", suite.command, templates.SUITE_NAMES)
        if suite.retries:
            yield f"{at}.retries would run the whole harness again", "let it try again by itself: see its --help"
    else:
        yield from _command_faults(at, suite)


def _test262_faults(at: str, suite: model.Test262Suite) -> Iterator[tuple[str, str]]:
    for key, words in (("command", suite.command), ("strict", suite.strict), ("module", suite.module)):
        if words:
            needed = ("program", "test", "includes")
            yield from _wrong_names(f"{at}.{key}", words, templates.TEST262_NAMES, needed)
    yield from _wrong_expression(f"{at}.exception", suite.exception, group="type")


def _command_faults(at: str, suite: model.CommandSuite) -> Iterator[tuple[str, str]]:
    yield from _twice(f"{at}.tests", [test.name for test in suite.tests])
    for number, test in enumerate(suite.tests):
        here = f"{at}.tests[{number}]"
        yield from _wrong_names(f"{here}.command", test.command, templates.SUITE_NAMES)
        yield from _wrong_expression(f"{here}.match", test.match)
        if test.report and (test.results == "exit" or not suite.scratch):
            yield f"{here}.report needs results = tap or junit, and scratch = true in the suite", "add them"
        if test.report.startswith("/") or ".." in test.report.split("/"):
            yield f"{here}.report has to lie in the scratch folder", "give a path relative to it"


def _expected_faults(at: str, entry: model.Expected, contents: model.RecipeFile) -> Iterator[tuple[str, str]]:
    suites = {suite.name: suite for suite in contents.suites}
    if entry.suite not in suites:
        what = f"{at}.suite: there is no suite {entry.suite!r}{meant(entry.suite, suites)}"
        yield what, f"suites: {', '.join(suites)}"
        return
    if bool(entry.test) == bool(entry.regex):
        yield f"{at} needs either test (a glob) or regex", "give one of them"
    yield from _wrong_expression(f"{at}.regex", entry.regex)
    yield from _wrong_arches(f"{at}.arches", entry.arches)
    known = [mode.name for mode in suites[entry.suite].modes]
    for name in entry.modes:
        if name.split(" ")[0] not in known:
            yield f"{at}.modes: there is no mode {name!r}{meant(name, known)}", f"modes: {', '.join(known)}"


def _wrong_arches(at: str, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    known = [arch.name for arch in lookup.all_arches()]
    for name in names:
        if name not in known:
            yield f"{at}: there is no arch {name!r}{meant(name, known)}", "`wrongarch arches` lists them"


def _wrong_names(
    at: str, words: Iterable[str], allowed: Iterable[str], needed: Iterable[str] = ()
) -> Iterator[tuple[str, str]]:
    known = sorted(allowed)
    words = tuple(words)
    for name in templates.unknown_names(words, known):
        shown = ", ".join(f"{{{one}}}" for one in known)
        what = f"{at}: nothing is known as {{{name}}}{meant(name, known)}"
        yield what, f"names there: {shown}; for the shell: ${{{name}}}"
    for name in needed:
        if not any(f"{{{name}}}" in word for word in words):
            yield f"{at} does not use {{{name}}}", f"add {{{name}}} where it belongs"


def _wrong_expression(at: str, text: str, group: str = "") -> Iterator[tuple[str, str]]:
    try:
        groups = re.compile(text).groupindex
    except re.error as error:
        yield f"{at} is no regular expression: {error}", "see https://docs.python.org/3/library/re.html"
        return
    if group and group not in groups:
        yield f"{at} needs a group named {group!r}", f"write (?P<{group}>…)"


def _twice(at: str, names: list[str]) -> Iterator[tuple[str, str]]:
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{at}: two of them are named {name!r}", "rename one"
