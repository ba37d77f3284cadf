from __future__ import annotations

from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from wrongarch.pipelines import yamls

TEXT = st.text(alphabet=st.sampled_from("ab-:#|'\" \n*&!%{}[]0,?~yn."), max_size=12)
SCALARS = st.one_of(TEXT, st.booleans(), st.integers(-5, 99), st.none())
KEYS = st.text(alphabet=st.sampled_from("ab-_. "), min_size=1, max_size=8)
MAPPINGS = st.deferred(lambda: st.dictionaries(KEYS, DATA, max_size=3))
DATA: st.SearchStrategy[Any] = st.one_of(SCALARS, MAPPINGS, st.lists(st.one_of(SCALARS, MAPPINGS), max_size=3))


@given(st.dictionaries(KEYS, DATA, max_size=5), st.booleans())
def test_a_parser_gets_back_what_was_written(data: dict[str, Any], jobs: bool) -> None:
    document = {"jobs": data} if jobs else data
    text = yamls.dump(document, "header", {"a: b": "why", "a": "because"})
    assert yaml.safe_load(text) == document
    assert text.startswith("# header\n---\n")


def test_how_it_looks() -> None:
    data = {
        "name": "x",
        "jobs": {"one": {"steps": [{"run": "a\nb\n", "with": {"list": ["- c", "d"]}}, {"uses": "q@1"}]}, "two": {}},
        "empty": [],
    }
    assert yamls.dump(data, "by us\nreally", {"q@1": "v1", "name: x": "the name"}) == (
        "# by us\n# really\n---\nname: x  # the name\n\njobs:\n  one:\n    steps:\n      - run: |\n          a\n"
        "          b\n        with:\n          list:\n            - '- c'\n            - d\n      - uses: q@1  # v1\n\n"
        "  two: {}\n\nempty: []\n"
    )


def test_the_same_object_twice_is_written_twice() -> None:
    one = {"a": ["b"]}
    assert "&" not in yamls.dump({"x": one, "y": one}, "h", {})
