"""Stand-ins for the actions that generated workflows use, so that act can run them on one machine, without a network.

act has them in the place of the pinned repositories (`--local-repository`), so that the workflow itself runs as it is.
Artifacts are folders below the one that the variable ARTIFACTS names; caches are empty, and a checkout is what act
copied. act's own server for artifacts does not know what the pinned releases ask of it
(https://github.com/nektos/act/issues/6022).
"""

from __future__ import annotations

from pathlib import Path

from wrongarch.paths import translate_disk_errors
from wrongarch.pipelines import pins

ARTIFACTS = "ARTIFACTS"

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
  place=$IN_PATH
  [ "$IN_MERGE_MULTIPLE" = true ] || place=$IN_PATH/${found##*/}
  mkdir -p "$place"
  cp -a "$found"/. "$place"/
done
"""
_ATTEST = """
shopt -s globstar nullglob
printf '%s\\n' $IN_SUBJECT_PATH >"$ARTIFACTS/attested"
"""
_ACTIONS = {
    "actions/attest-build-provenance": ("subject-path", _ATTEST),
    "actions/cache/restore": ("path key restore-keys", ":"),
    "actions/cache/save": ("path key", ":"),
    "actions/checkout": ("persist-credentials", ":"),
    "actions/download-artifact": ("pattern path merge-multiple", _DOWNLOAD),
    "actions/setup-python": ("python-version", ":"),
    "actions/upload-artifact": ("name path if-no-files-found retention-days include-hidden-files", _UPLOAD),
}


def write(folder: Path) -> list[str]:
    """Write a stand-in for each action that workflows can use into a new folder; the options that act takes them by."""
    options: dict[str, None] = {}
    for name, action in pins.actions().items():
        owner, repository, *_ = name.split("/")
        file = folder / name / "action.yml"
        with translate_disk_errors(file):
            file.parent.mkdir(parents=True)
            file.write_text(_action(*_ACTIONS[name]))
        options[f"{owner}/{repository}@{action.commit}={folder}/{owner}/{repository}"] = None
    return [word for one in options for word in ("--local-repository", one)]


def _action(inputs: str, script: str) -> str:
    """A composite action: https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax."""
    lines = ["name: stand-in", "inputs:"]
    lines += [f"  {one}: {{required: false, default: ''}}" for one in inputs.split()]
    lines += ["runs:", "  using: composite", "  steps:", "    - shell: bash", "      env:"]
    lines += [f"        IN_{one.upper().replace('-', '_')}: ${{{{ inputs.{one} }}}}" for one in inputs.split()]
    lines += ["      run: |", *(f"        {line}" for line in script.strip().splitlines())]
    return "\n".join(lines) + "\n"
