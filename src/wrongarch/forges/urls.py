"""From the URL that people copy out of their browser to what it means.

GitLab separates its own pages from a project's path by `/-/`; GitHub's projects have two parts. So one can be told
from the other on any host.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from wrongarch.downloads.origins import Address, split
from wrongarch.errors import UsageError
from wrongarch.forges.model import Target

_NUMBER = re.compile(r"[0-9]{1,18}")
_SHA = re.compile(r"[0-9a-f]{7,64}")
_SEGMENT = re.compile(r"(?!\.+\Z)[A-Za-z0-9_.][A-Za-z0-9_.-]*")
_CHECK = re.compile(r"(?:^|&)check_run_id=([0-9]{1,18})(?:&|$)")
_FORMS = """https://github.com/OWNER/REPO/actions/runs/123   (also …/job/456, …/artifacts/789)
https://github.com/OWNER/REPO/pull/12   …/commit/SHA   …/tree/BRANCH
https://gitlab.com/GROUP/PROJECT/-/pipelines/123   …/-/jobs/456   …/-/merge_requests/12
https://gitlab.com/GROUP/PROJECT/-/commit/SHA   …/-/tree/BRANCH"""


def is_url(text: str) -> bool:
    """Whether it is an address at all, and no file."""
    return text.startswith(("http://", "https://"))


def parse(url: str) -> Target:
    """What `url` leads to. Raises UsageError for what is none of a forge's addresses, or not safe to use."""
    address = split(url)
    if address is None:
        raise UsageError(f"{url!r} is no http or https address", fix=_forms())
    if address.has_user:
        raise UsageError(
            "the address has a user name or a token in it", fix="take it out; see wrongarch fetch --help for tokens"
        )
    if address.scheme == "http" and not address.is_local:
        raise UsageError(f"{address.base} would send a token where others can read it", fix="use https://")
    found = _gitlab(address) if "-" in address.segments else _github(address)
    if found is None:
        raise UsageError(f"{url} does not lead to a run, job, pull request, commit or branch", fix=_forms())
    return found


def _forms() -> str:
    return f"give an address like one of these:\n{_FORMS}"


def _github(address: Address) -> Target | None:
    owner, repo, *rest = [*address.segments, "", ""][: max(2, len(address.segments))]
    repo = repo.removesuffix(".git")
    if not (_SEGMENT.fullmatch(owner) and _SEGMENT.fullmatch(repo)):
        return None
    facts = _github_page(rest, address.query)
    if facts is None:
        return None
    return msgspec.convert({"forge": "github", "base": address.base, "project": f"{owner}/{repo}", **facts}, Target)


def _github_page(rest: Sequence[str], query: str) -> dict[str, object] | None:  # noqa: PLR0911 - one line a form
    check = _CHECK.search(query)
    if check:
        return {"kind": "job", "number": int(check[1])}
    match list(rest):
        case []:
            return {"kind": "project"}
        case ["actions", "runs", run, ("job" | "artifacts") as kind, number, *_] if _numbers(run, number):
            return {"kind": "job" if kind == "job" else "artifact", "number": int(number), "run": int(run)}
        case ["suites", _, "artifacts", number] if _numbers(number):
            return {"kind": "artifact", "number": int(number)}
        case ["actions", "runs", run, *_] if _numbers(run):
            return {"kind": "run", "number": int(run)}
        case ["runs", number, *_] if _numbers(number):
            return {"kind": "job", "number": int(number)}
        case ["pull", number, *_] if _numbers(number):
            return {"kind": "change", "number": int(number)}
        case ["commit", sha, *_] if _SHA.fullmatch(sha):
            return {"kind": "commit", "ref": sha}
        case [("tree" | "commits"), *branch] if branch:
            return {"kind": "branch", "ref": "/".join(branch)}
    return None


def _gitlab(address: Address) -> Target | None:
    at = address.segments.index("-")
    project, rest = address.segments[:at], address.segments[at + 1 :]
    if len(project) < 2 or not all(_SEGMENT.fullmatch(part) for part in project):
        return None
    facts: dict[str, object] | None = None
    match list(rest):
        case ["pipelines", number, *_] if _numbers(number):
            facts = {"kind": "run", "number": int(number)}
        case ["jobs", number, "artifacts", *_] if _numbers(number):
            facts = {"kind": "artifact", "number": int(number)}
        case ["jobs", number, *_] if _numbers(number):
            facts = {"kind": "job", "number": int(number)}
        case ["merge_requests", number, *_] if _numbers(number):
            facts = {"kind": "change", "number": int(number)}
        case ["commit", sha, *_] if _SHA.fullmatch(sha):
            facts = {"kind": "commit", "ref": sha}
        case [("tree" | "commits"), *branch] if branch:
            facts = {"kind": "branch", "ref": "/".join(branch)}
        case ["pipelines"] | []:
            facts = {"kind": "project"}
    if facts is None:
        return None
    return msgspec.convert({"forge": "gitlab", "base": address.base, "project": "/".join(project), **facts}, Target)


def _numbers(*words: str) -> bool:
    return all(_NUMBER.fullmatch(word) for word in words)
