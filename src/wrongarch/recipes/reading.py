"""Find recipes and read them; what is wrong in one is named with its file, its key and what was probably meant."""

from __future__ import annotations

import copy
import hashlib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec import inspect

import wrongarch
from wrongarch.errors import UsageError
from wrongarch.images.spec import ImageSpec
from wrongarch.recipes import forms, model
from wrongarch.recipes.checks import faults, meant

FILE_NAME = "recipe.toml"
_LONGEST = 1 << 20  # bytes of a recipe file; more is a mistake
_AT = re.compile(r"^(?P<what>.*?) - at `\$(?P<path>.*)`$", re.DOTALL)
_UNKNOWN = re.compile(r"unknown field `(?P<key>.*)`$")
_STEP = re.compile(r"\.(?P<key>[^.\[]+)|\[(?P<index>\d+)\]|(?P<any>\[\.\.\.\])")


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """A recipe ready for use: what its file says of one form, the image of that, and the folder the file lies in.

    `digest` is the sha256 of the file's bytes, `written` all that the file says.
    """

    contents: model.RecipeFile
    image: ImageSpec
    folder: Path
    file: Path
    digest: str
    written: model.RecipeFile
    form: forms.Form = forms.Form()

    @property
    def name(self) -> str:
        """The recipe's name, and in which form it is unless it is the packaged one."""
        return self.contents.name + self.form.label

    def in_form(self, wish: forms.Wish, arch: str, env: Mapping[str, str]) -> Recipe:
        """The recipe in the form that is wished for, on an arch (our name). Raises UsageError as `form_of` does."""
        form = forms.form_of(self.written, wish, arch, env)
        return msgspec.structs.replace(
            self,
            contents=forms.in_form(self.written, form),
            image=forms.image_of(self.written, form, self.image),
            form=form,
        )


def recipe_folders(project: Path | None = None) -> tuple[Path, ...]:
    """Where recipes are looked for by name: the project's `ci/recipes`, then those that are shipped."""
    package = Path(wrongarch.__file__).parent
    inner = Path("ci") / "recipes"
    places = ((project or Path.cwd()) / inner, package.parents[1] / inner, package / "shipped" / "recipes")
    return tuple(dict.fromkeys(place.resolve() for place in places if place.is_dir()))


def recipe_names(project: Path | None = None) -> tuple[str, ...]:
    """The names of all recipes that can be found by name, sorted."""
    files = (file for folder in recipe_folders(project) for file in folder.glob(f"*/{FILE_NAME}"))
    return tuple(sorted({file.parent.name for file in files}))


def find_recipe(wanted: str, project: Path | None = None) -> Recipe:
    """The recipe of that name; or of that path, where `wanted` is a recipe file or a folder with one in it.

    Raises UsageError if there is none, or if it is wrong.
    """
    if "/" in wanted or wanted.endswith(".toml"):
        path = Path(wanted).expanduser()
        return read_recipe(path / FILE_NAME if path.is_dir() else path, project)
    for folder in recipe_folders(project):
        if (folder / wanted / FILE_NAME).is_file():
            return read_recipe(folder / wanted / FILE_NAME, project)
    names = recipe_names(project)
    raise UsageError(
        f"there is no recipe {wanted!r}{meant(wanted, names)}",
        fix=f"recipes: {', '.join(names) or 'none'}; or give the path of a {FILE_NAME}: --recipe ./folder",
    )


def read_recipe(file: Path, project: Path | None = None) -> Recipe:
    """Read and check one recipe file. Raises UsageError that names the file and the key that is wrong."""
    contents, digest = _decode(file)
    folder = file.resolve().parent
    for what, fix in faults(contents, folder):
        raise UsageError(f"{file}: {what}", fix=fix)
    return Recipe(
        contents=forms.in_form(contents, forms.Form()),
        image=_image(contents, file, project),
        folder=folder,
        file=file.resolve(),
        digest=digest,
        written=contents,
    )


def _decode(file: Path) -> tuple[model.RecipeFile, str]:
    try:
        with file.open("rb") as opened:
            raw = opened.read(_LONGEST + 1)
    except OSError as error:
        what = f"cannot read the recipe {file}: {error.strerror}"
        raise UsageError(what, fix=f"check the path: ls -l {file}") from error
    if len(raw) > _LONGEST:
        what = f"{file} is larger than a recipe can be ({_LONGEST >> 20} MiB)"
        raise UsageError(what, fix=f"give the path of a {FILE_NAME}")
    try:
        data = tomllib.loads(raw.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{file} is no TOML: {error}", fix="see https://toml.io/en/v1.0.0") from error
    try:
        return msgspec.convert(data, model.RecipeFile), hashlib.sha256(raw).hexdigest()
    except msgspec.ValidationError as error:
        what, fix = explain(str(error), data)
        raise UsageError(f"{file}: {what}", fix=fix) from error


class Fault(NamedTuple):
    """What is wrong with a file, what to do, and the path of the key ("" for the top level)."""

    what: str
    fix: str
    path: str


def explain(message: str, data: dict[str, Any]) -> tuple[str, str]:
    """What is wrong with a recipe and what to do, from msgspec's message."""
    return locate(message, data, model.RecipeFile)[:2]


def locate(message: str, data: dict[str, Any], struct: type[msgspec.Struct]) -> Fault:
    """What is wrong in `data`, which was to be a `struct`: with the real path of the key, and near names."""
    at = _AT.match(message)
    what, steps = (at["what"], at["path"]) if at else (message, "")
    missing_key = _UNKNOWN.search(what)
    if "[...]" in steps:
        data = _only_wrong(data, steps, struct, message)
    path, value, kind = _walk(data, steps, missing_key["key"] if missing_key else None, struct)
    where = path or "the top level"
    if missing_key:
        key, known = missing_key["key"], _keys(kind)
        inner = f"{path}.{key}" if path else key
        return Fault(f"unknown key {key!r} at {where}{meant(key, known)}", f"keys there: {', '.join(known)}", inner)
    if what.startswith("Invalid value") and path.endswith(".kind"):
        kinds = sorted(str(option.tag) for option in _structs(kind))
        return Fault(
            f"{value!r} is no kind at {where}{meant(str(value), kinds)}", f"kinds there: {', '.join(kinds)}", path
        )
    what = what.replace("Object missing required field", "missing the key").replace("`", "'")
    shown = f" (it is {value!r})" if isinstance(value, str | int | float) else ""
    return Fault(f"{what[0].lower()}{what[1:]} at {where}{shown}", f"correct {where}", path)


def _only_wrong(data: dict[str, Any], steps: str, struct: type[msgspec.Struct], message: str) -> dict[str, Any]:
    """`data` with, at each `[...]` of a path, nothing left but the entry that the message is about."""
    kept = copy.deepcopy(data)
    for found in re.finditer(re.escape("[...]"), steps):
        table = _walk(kept, steps[: found.start()], None, struct)[1]
        if not isinstance(table, dict):
            break
        for key, value in list(table.items()):
            rest = {other: entry for other, entry in table.items() if other != key}
            table.clear()
            table[key] = value
            if _message(kept, struct) == message:
                break
            table.clear()
            table.update(rest)
    return kept


def _message(data: Any, struct: type[msgspec.Struct]) -> str:
    try:
        msgspec.convert(data, struct)
    except msgspec.ValidationError as error:
        return str(error)
    return ""


def _walk(data: Any, steps: str, inner_key: str | None, struct: type[msgspec.Struct]) -> tuple[str, Any, inspect.Type]:
    """Follow msgspec's path: the path with real keys, the value there, and the type that was expected."""
    kind: inspect.Type = inspect.type_info(struct)
    path, value = "", data
    for found in _STEP.finditer(steps):
        if found["index"]:
            step: Any = int(found["index"])
            path += found[0]
        else:
            step = found["key"] or _hidden_key(value, inner_key)
            path += f".{step}" if path else str(step)
        kind = _below(kind, value, step)
        value = value[step] if isinstance(value, list) or (isinstance(value, dict) and step in value) else None
    return path, value, _chosen(kind, value)


def _hidden_key(value: Any, inner_key: str | None) -> Any:
    """The key that msgspec shows as `[...]`: the first one whose value holds the wrong key, or else the first."""
    keys = list(value) if isinstance(value, dict) else []
    holding = [key for key in keys if isinstance(value[key], dict) and inner_key in value[key]]
    return next(iter(holding or keys), "")


def _below(kind: inspect.Type, value: Any, step: Any) -> inspect.Type:
    """The type of the thing at `step` in a value of type `kind`."""
    chosen = _chosen(kind, value)
    if isinstance(chosen, inspect.StructType):
        return next((field.type for field in chosen.fields if field.encode_name == step), chosen)
    if isinstance(chosen, inspect.DictType):
        return chosen.value_type
    return chosen.item_type if isinstance(chosen, inspect.VarTupleType) else chosen


def _chosen(kind: inspect.Type, value: Any) -> inspect.Type:
    """The member of a union that the value's `kind` names; other types as they are."""
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    if not isinstance(kind, inspect.UnionType):
        return kind
    tag = value.get("kind") if isinstance(value, dict) else None
    return next((option for option in _structs(kind) if option.tag == tag), kind)


def _structs(kind: inspect.Type) -> list[inspect.StructType]:
    options = kind.types if isinstance(kind, inspect.UnionType) else (kind,)
    return [option for option in options if isinstance(option, inspect.StructType)]


def _keys(kind: inspect.Type) -> list[str]:
    fields = {field.encode_name for option in _structs(kind) for field in option.fields}
    return sorted(fields | {option.tag_field for option in _structs(kind) if option.tag_field})


def _image(contents: model.RecipeFile, file: Path, project: Path | None) -> ImageSpec:
    """The image a recipe asks for: its own, or (followed once) that of another recipe."""
    image = contents.image
    if image.like is None:
        return ImageSpec(name=contents.name, packages=image.packages, arch=image.arch, exclude=image.exclude)
    beside = file.resolve().parent.parent / image.like / FILE_NAME
    other = _decode(beside)[0] if beside.is_file() else find_recipe(image.like, project).contents
    if other.image.like is not None:
        raise UsageError(
            f"{file}: image.like names {image.like!r}, which borrows the image of {other.image.like!r} itself",
            fix=f"write like = {other.image.like!r}",
        )
    return ImageSpec(name=image.like, packages=other.image.packages, arch=other.image.arch, exclude=other.image.exclude)
