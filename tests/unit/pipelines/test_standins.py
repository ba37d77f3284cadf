from __future__ import annotations

from pathlib import Path

import yaml

from wrongarch.pipelines import pins, standins


def test_each_action_that_workflows_use_has_a_stand_in_at_its_pinned_commit(tmp_path: Path) -> None:
    options = standins.write(tmp_path)
    assert options[::2] == ["--local-repository"] * (len(options) // 2)
    places = dict(word.split("=", 1) for word in options[1::2])
    for name, action in pins.actions().items():
        owner, repository, *rest = name.split("/")
        place = Path(places[f"{owner}/{repository}@{action.commit}"], *rest)
        document = yaml.safe_load((place / "action.yml").read_text())
        assert document["runs"]["using"] == "composite"
        (step,) = document["runs"]["steps"]
        assert step["env"].keys() == {f"IN_{one.upper().replace('-', '_')}" for one in document["inputs"]}
