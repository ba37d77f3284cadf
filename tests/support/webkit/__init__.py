"""The shipped jsc recipe in a project of its own, in whose checkout form the image is that of the packaged program."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from wrongarch.recipes.reading import find_recipe

CHECKOUT = Path(__file__).parent / "checkout"


def recipe_for_the_checkout(project: Path) -> Path:
    """Write the recipe into `ci/recipes` of `project`; its folder."""
    shipped = find_recipe("jsc", Path("/nowhere"))
    text = shipped.file.read_text()
    packaged = re.search(r"^\[image\]\n(.*?)(?=^\[\[suites|^# ---- from)", text, re.MULTILINE | re.DOTALL)
    assert packaged is not None
    start, end = text.index("[images.jsc-build]"), text.index("[sources.release]")
    image = packaged[0].replace("[image", "[images.jsc")
    folder = project / "ci" / "recipes" / "jsc"
    shutil.copytree(shipped.folder, folder)
    changed = (text[:start] + image + text[end:]).replace('image = "jsc-build"', 'image = "jsc"')
    (folder / "recipe.toml").write_text(changed)
    return folder
