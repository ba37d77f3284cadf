"""Ways to come by a recipe's program: as it is packaged, or built from one of the recipe's sources.

A recipe in one of its forms is again a recipe: other program, image, source and build, and of the suites, modes and
expectations only those that are for it. Nothing after this has to know of forms.
"""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
from msgspec.structs import replace

from wrongarch.errors import UsageError
from wrongarch.images.spec import ImageSpec
from wrongarch.recipes import model, templates
from wrongarch.recipes.checks import meant

PACKAGED = model.PACKAGED
_SETTING = re.compile(r"(?P<name>[a-z_]+)=(?P<value>.*)", re.DOTALL)


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What the user asks for: a source's name or a folder, a variant, settings as "name=words"; "" for no wish."""

    source: str = ""
    variant: str = ""
    settings: tuple[str, ...] = ()


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """The form that a recipe is in: `name` of the source, its `folder` where it is a checkout, and what was changed."""

    name: str = PACKAGED
    folder: str = ""
    variant: str = PACKAGED
    settings: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What is added to the recipe's name, "" for the packaged program as it is."""
        return "" if self.name == PACKAGED else f"-{self.name}-{self.variant}"

    @property
    def place(self) -> str:
        """`label`, with checkouts told apart: builds of two of them have nothing in common."""
        return self.label + (f"-{hashlib.sha256(self.folder.encode()).hexdigest()[:8]}" if self.folder else "")

    @property
    def words(self) -> tuple[str, ...]:
        """The options that lead to this form again."""
        settings = tuple(word for setting in self.settings for word in ("--set", setting))
        if self.name == PACKAGED:
            return settings
        return ("--source", self.folder or self.name, "--variant", self.variant, *settings)


def form_of(contents: model.RecipeFile, wish: Wish, arch: str, env: Mapping[str, str]) -> Form:
    """The form that a wish means for an arch (our name); without one, the checkout that the environment names.

    Raises UsageError for a source, variant or setting that is not there.
    """
    name, folder = _source(contents, wish, env)
    if name == PACKAGED:
        if wish.variant not in ("", PACKAGED):
            known = ", ".join(contents.sources) or "none"
            raise UsageError(
                f"the packaged {contents.name} has no variants, so none is {wish.variant!r}",
                fix=f"say what to build it from: --source NAME ({known})",
            )
        settings = _settings(contents.build, wish.settings)
        return Form(settings=settings)
    source = contents.sources[name]
    return Form(
        name=name,
        folder=folder,
        variant=_variant(name, source, wish.variant, arch),
        settings=_settings(source.build, wish.settings),
    )


def _source(contents: model.RecipeFile, wish: Wish, env: Mapping[str, str]) -> tuple[str, str]:
    """The name of the source, and the folder of a checkout."""
    checkouts = {name: one.source for name, one in contents.sources.items()}
    named = {name: source for name, source in checkouts.items() if isinstance(source, model.CheckoutSource)}
    if wish.source == PACKAGED or (wish.source in contents.sources and wish.source not in named):
        return wish.source, ""
    for name, source in named.items():
        value = env.get(source.variable, "")
        if wish.source == name and not value:
            raise UsageError(
                f"no folder is named for --source {name}",
                fix=f"--source FOLDER, or set {source.variable}",
            )
        if value and wish.source in ("", name):
            return name, _folder(source, value, source.variable)
    if not wish.source:
        return PACKAGED, ""
    if named and ("/" in wish.source or Path(wish.source).is_dir()):
        name, source = next(iter(named.items()))
        return name, _folder(source, wish.source, "--source")
    raise _no_source(contents, wish.source, [one for one in contents.sources if one not in named], bool(named))


def _no_source(contents: model.RecipeFile, wanted: str, names: list[str], folders: bool) -> UsageError:
    known = [PACKAGED, *names]
    what = f"the recipe {contents.name} has no source {wanted!r}{meant(wanted, known)}"
    return UsageError(what, fix=f"sources: {', '.join(known)}{', or the folder of a checkout' if folders else ''}")


def _folder(source: model.CheckoutSource, text: str, named_by: str) -> str:
    folder = Path(text).expanduser().absolute()
    if not (folder / source.marker).is_file():
        raise UsageError(
            f"{named_by} names {folder}, which has no {source.marker}",
            fix="name the top folder of the checkout",
        )
    return str(folder)


def _variant(name: str, source: model.FromSource, wanted: str, arch: str) -> str:
    here = [one for one, variant in source.variants.items() if not variant.arches or arch in variant.arches]
    if wanted and wanted not in source.variants:
        known = ", ".join(source.variants)
        raise UsageError(
            f"source {name} has no variant {wanted!r}{meant(wanted, source.variants)}", fix=f"variants: {known}"
        )
    if (wanted and wanted not in here) or not here:
        raise UsageError(
            f"variant {wanted!r} is not for {arch}" if wanted else f"source {name} has no variant for {arch}",
            fix=f"variants for {arch}: {', '.join(here) or 'none'}",
        )
    return wanted or (source.variant if source.variant in here else here[0])


def _settings(build: model.Build, wanted: Iterable[str]) -> tuple[str, ...]:
    for word in wanted:
        found = _SETTING.fullmatch(word)
        if found is None:
            raise UsageError(f"{word!r} is no setting", fix="write --set NAME=WORDS")
        if found["name"] not in build.settings:
            known = ", ".join(f"{name}={value!r}" for name, value in build.settings.items()) or "none"
            near = meant(found["name"], build.settings)
            raise UsageError(f"this build has no setting {found['name']!r}{near}", fix=f"settings: {known}")
    return tuple(wanted)


def in_form(contents: model.RecipeFile, form: Form) -> model.RecipeFile:
    """What the recipe says in that form."""
    suites = tuple(_suite(suite, form) for suite in contents.suites if not suite.sources or form.name in suite.sources)
    there = {suite.name for suite in suites}
    expected = tuple(
        entry
        for entry in contents.expected
        if entry.suite in there
        and (not entry.sources or form.name in entry.sources)
        and (not entry.variants or form.variant in entry.variants)
    )
    same = replace(contents, suites=suites, expected=expected, build=_changed(contents.build, {}, form))
    if form.name == PACKAGED:
        return _with_settings(same)
    source = contents.sources[form.name]
    folder = model.FolderSource(path=form.folder) if form.folder else model.NoSource()
    built = replace(
        same,
        program=source.program,
        source=folder if isinstance(source.source, model.CheckoutSource) else source.source,
        build=_changed(source.build, source.variants[form.variant].settings, form),
    )
    return _with_settings(built)


def _with_settings(contents: model.RecipeFile) -> model.RecipeFile:
    """The settings of the build in the place of their names in the options of JavaScriptCore's harness."""
    values = {name: shlex.split(words) for name, words in contents.build.settings.items()}
    suites = tuple(
        replace(suite, options=templates.expand(suite.options, values))
        if isinstance(suite, model.WebkitSuite)
        else suite
        for suite in contents.suites
    )
    return replace(contents, suites=suites)


def _suite(suite: model.Suite, form: Form) -> model.Suite:
    modes = tuple(mode for mode in suite.modes if not mode.variants or form.variant in mode.variants)
    if form.name != PACKAGED:
        modes = tuple(replace(mode, arches=()) for mode in modes)
    return replace(suite, modes=modes)


def _changed(build: model.Build, variant: Mapping[str, str], form: Form) -> model.Build:
    own = {found["name"]: found["value"] for word in form.settings if (found := _SETTING.fullmatch(word))}
    return replace(build, settings={**build.settings, **variant, **own}) if variant or own else build


def image_of(contents: model.RecipeFile, form: Form, packaged: ImageSpec) -> ImageSpec:
    """The image for that form."""
    if form.name == PACKAGED:
        return packaged
    name = contents.sources[form.name].image
    image = contents.images[name]
    return ImageSpec(name=name, packages=image.packages, arch=image.arch, exclude=image.exclude)
