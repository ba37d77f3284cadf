"""Stand-ins for the actions of GitHub that generated workflows use: artifacts are folders, caches are empty.

act takes them in place of the pinned repositories, so that the workflow itself runs as it is.
"""

from __future__ import annotations

from pathlib import Path

from wrongarch.pipelines import pins

_UPLOAD = """
for path in $IN_PATH; do
  [ -e "$path" ] || continue
  mkdir -p "$ARTIFACTS/$IN_NAME"
  if [ -d "$path" ]; then cp -a "$path"/. "$ARTIFACTS/$IN_NAME"/; else cp -a "$path" "$ARTIFACTS/$IN_NAME"/; fi
done
"""
_DOWNLOAD = """
for found in "$ARTIFACTS"/$IN_PATTERN; do
  [ -d "$found" ] || continue
  mkdir -p "$IN_PATH"
  cp -a "$found"/. "$IN_PATH"/
done
"""
_ACTIONS = {
    "actions/attest-build-provenance": ("subject-path", 'ls $IN_SUBJECT_PATH >"$ARTIFACTS/attested"'),
    "actions/cache/restore": ("path key restore-keys", ":"),
    "actions/cache/save": ("path key", ":"),
    "actions/checkout": ("persist-credentials", ":"),  # act has copied the folder
    "actions/download-artifact": ("pattern path merge-multiple", _DOWNLOAD),
    "actions/setup-python": ("python-version", ":"),
    "actions/upload-artifact": ("name path if-no-files-found retention-days include-hidden-files", _UPLOAD),
}


def write_actions(folder: Path) -> list[str]:
    """Write all stand-ins; the options for act."""
    assert set(_ACTIONS) == set(pins.actions())
    options: dict[str, None] = {}
    for name, (inputs, script) in _ACTIONS.items():
        owner, repository, *_ = name.split("/")
        place = folder / name
        place.mkdir(parents=True)
        lines = ["name: stand-in", "inputs:"]
        lines += [f"  {one}: {{required: false, default: ''}}" for one in inputs.split()]
        lines += ["runs:", "  using: composite", "  steps:", "    - shell: bash", "      env:"]
        lines += [f"        IN_{one.upper().replace('-', '_')}: ${{{{ inputs.{one} }}}}" for one in inputs.split()]
        lines += ["      run: |", *(f"        {line}" for line in script.strip().splitlines())]
        (place / "action.yml").write_text("\n".join(lines) + "\n")
        commit = pins.actions()[name].commit
        options[f"{owner}/{repository}@{commit}={folder}/{owner}/{repository}"] = None
    return [word for one in options for word in ("--local-repository", one)]
