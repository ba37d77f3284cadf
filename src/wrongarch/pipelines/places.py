"""Names that generated files and the commands that run in their jobs have in common. Paths are relative to the repo."""

from __future__ import annotations

from wrongarch.runs.folder import HOME

__all__ = ["HOME"]

GITHUB_FILE = ".github/workflows/wrongarch.yml"
GITLAB_FILE = ".gitlab-ci.yml"
SCHEMA_FILE = "ci/matrix.schema.json"

JOB_VARIABLE = "WRONGARCH_JOB"
"""Names the job to a step. Nothing else of the matrix gets into a shell: the command reads the matrix itself."""

DURATIONS = f"{HOME}/durations.json"
RESULTS = f"{HOME}/ci"
"""Has a folder for each job, by its id."""
CAPSULES = f"{HOME}/capsules"
INDEX = "index.json"
"""In CAPSULES: what there is, with hashes."""
REPORT = f"{HOME}/report"
CACHE = f"{HOME}/cache"
CACHED = ("downloads", "emulators")
"""Folders of the cache that a forge can keep: plain files of one owner. Images hold files of other users."""
COMPILED = "ccache"
"""The same, for jobs that build; a build gives it to the users that it needs it to have."""

REGISTRY_USER, REGISTRY_PASSWORD = "WRONGARCH_REGISTRY_USER", "WRONGARCH_REGISTRY_PASSWORD"
"""Log in to the matrix's registry. GitLab's own registry needs neither: there its predefined variables are used."""

CHECK_LINE = "wrongarch ci generate --check"
RUN_LINE = f'wrongarch ci run "${JOB_VARIABLE}"'
REPORT_LINE = "wrongarch ci report"
