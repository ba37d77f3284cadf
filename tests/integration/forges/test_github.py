"""Failures on GitHub: every request is checked by its published description; downloads come from a host with a trap."""

from __future__ import annotations

import hashlib
import io
import time
import zipfile
from pathlib import Path

import pytest
import requests

from tests.support.forges import (
    STORE_FAULTS,
    TOKEN,
    TOKEN_HEADERS,
    GitHubApi,
    assert_told,
    capsule,
    index,
    named,
    silent,
    zipped,
)
from wrongarch.errors import NetworkError, UntrustedInput, UsageError
from wrongarch.forges import fetching
from wrongarch.forges.fetching import Wish

SHA = "c" * 40
FILES = {"a.tar.zst": capsule("a"), "b.tar.zst": capsule("b", 300_000)}
TESTS = {"a.tar.zst": ["stress/a.js [no-jit]"], "b.tar.zst": ["stress/b.js [default]"]}


def packed(job: str, arch: str) -> bytes:
    return zipped({"index.json": index(job, arch, FILES, TESTS), **FILES})


def fill(api: GitHubApi) -> None:
    api.add_run(90, "failure", head_branch="main", head_sha="b" * 40)
    api.add_job(90, 191, "arm-jsc-all", "failure")
    api.add_artifact(90, 390, "capsules-arm-jsc-all", packed("arm-jsc-all", "arm"), expired=True)
    api.add_run(100, "success", head_branch="main", head_sha="d" * 40)
    api.add_run(101, "failure", head_branch="topic/one", head_sha=SHA)
    api.add_job(101, 201, "arm-jsc-all", "failure")
    api.add_job(101, 202, "s390x-jsc-all", "failure")
    api.add_job(101, 203, "mips-jsc-all", "success")
    api.add_job(101, 204, "report", "failure")
    api.add_artifact(101, 300, "capsules-arm-jsc-all", packed("older", "arm"))
    api.add_artifact(101, 301, "capsules-arm-jsc-all", packed("arm-jsc-all", "arm"))
    api.add_artifact(101, 302, "capsules-s390x-jsc-all", packed("s390x-jsc-all", "s390x"))
    api.add_artifact(101, 303, "results-arm-jsc-all", b"not ours")


@pytest.mark.parametrize(
    ("page", "jobs"),
    [
        ("actions/runs/101", ["arm-jsc-all", "s390x-jsc-all", "report"]),
        ("actions/runs/101/attempts/2", ["arm-jsc-all", "s390x-jsc-all", "report"]),
        ("actions/runs/101/job/202", ["s390x-jsc-all"]),
        ("runs/201", ["arm-jsc-all"]),
        ("pull/12", ["arm-jsc-all", "s390x-jsc-all", "report"]),
        ("pull/12/checks?check_run_id=201", ["arm-jsc-all"]),
        (f"commit/{SHA}", ["arm-jsc-all", "s390x-jsc-all", "report"]),
        ("commit/ccccccc", ["arm-jsc-all", "s390x-jsc-all", "report"]),
        ("tree/topic/one", ["arm-jsc-all", "s390x-jsc-all", "report"]),
        ("actions/runs/101/artifacts/302", ["s390x-jsc-all"]),
    ],
)
def test_what_failed_by_any_address(
    checked: GitHubApi, monkeypatch: pytest.MonkeyPatch, page: str, jobs: list[str]
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    fill(checked)
    found = fetching.find(f"{checked.public}/o/r/{page}", silent)
    assert [failure.job for failure in found.failures] == jobs
    notes = {failure.job: failure.note for failure in found.failures}
    assert notes.get("report", "it left no capsules") == "it left no capsules"


def test_of_a_branch_the_newest_run_counts_or_the_newest_that_failed(
    checked: GitHubApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    fill(checked)
    with pytest.raises(UsageError, match=r"nothing failed in branch main of o/r \(run 100: success\)"):
        fetching.find(f"{checked.public}/o/r/tree/main", silent)
    for page in ("tree/main", ""):
        found = fetching.find(f"{checked.public}/o/r/{page}", silent, latest_failure=True)
        assert found.folder == "run-90"
        assert found.failures[0].note.startswith("its capsules expired on 20")


def test_capsules_arrive_and_the_token_stays_with_github(
    checked: GitHubApi, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    fill(checked)
    found = fetching.find(f"{checked.public}/o/r/actions/runs/101", silent)
    seen: list[int] = []
    capsules = fetching.fetch(found, Wish(), tmp_path, progress=lambda done, _total: seen.append(done))
    assert sorted((one.job, one.arch, one.path.name) for one in capsules) == [
        ("arm-jsc-all", "arm", "a.tar.zst"),
        ("arm-jsc-all", "arm", "b.tar.zst"),
        ("s390x-jsc-all", "s390x", "a.tar.zst"),
        ("s390x-jsc-all", "s390x", "b.tar.zst"),
    ]
    assert all(one.path.read_bytes() == FILES[one.path.name] for one in capsules)
    assert seen == sorted(seen)
    # no token came along, and nobody followed the address in the answer
    assert checked.store.refused == []
    assert sorted(path for path, _ in checked.store.seen) == ["/301.zip?sig=signed", "/302.zip?sig=signed"]
    assert all("authorization" in headers for _, _, headers in checked.asked)
    again = fetching.fetch(found, Wish(), tmp_path)
    assert {one.path for one in again} == {one.path for one in capsules}
    assert len(checked.store.seen) == 2
    assert TOKEN not in repr(found)


def test_only_what_is_asked_for(hub: GitHubApi, tmp_path: Path) -> None:
    fill(hub)
    found = fetching.find(f"{hub.base}/o/r/actions/runs/101", silent)
    (one,) = fetching.fetch(found, Wish(arch="s390x", test=r"b\.js"), tmp_path)
    assert (one.path.name, one.arch, one.tests) == ("b.tar.zst", "s390x", ("stress/b.js [default]",))
    assert [path for path, _ in hub.store.seen] == ["/302.zip?sig=signed"]
    for wish in (Wish(arch="mips"), Wish(test="nothing")):
        with pytest.raises(UsageError, match="no capsule for"):
            fetching.fetch(found, wish, tmp_path)
    with pytest.raises(UsageError, match="is no regular expression"):
        fetching.fetch(found, Wish(test="("), tmp_path)


def test_too_much_is_asked_about_before(hub: GitHubApi, tmp_path: Path) -> None:
    fill(hub)
    found = fetching.find(f"{hub.base}/o/r/actions/runs/101", silent)
    with pytest.raises(UsageError, match="to download, more than 0") as caught:
        fetching.fetch(found, Wish(most=1000), tmp_path)
    assert "--max-size" in caught.value.fix
    assert hub.store.seen == []


@pytest.mark.parametrize(
    ("words", "kind", "said"),
    [
        *STORE_FAULTS,
        (("truncate:100000", "truncate:1000", "ok"), None, ""),
        (("reset",), NetworkError, "3 attempts"),
    ],
    ids=named,
)
def test_faults_of_the_store(
    hub: GitHubApi, tmp_path: Path, words: tuple[str, ...], kind: type[Exception] | None, said: str
) -> None:
    fill(hub)
    found = fetching.find(f"{hub.base}/o/r/actions/runs/101/artifacts/302", silent)
    hub.store.script["/302.zip"] = list(words)
    if kind is None:
        assert len(fetching.fetch(found, Wish(), tmp_path)) == 2
        return
    with pytest.raises(kind) as caught:
        fetching.fetch(found, Wish(most=2 << 20), tmp_path)
    assert_told(caught.value, said, "sig=")
    assert not list(tmp_path.rglob("*.tar.zst"))


def test_what_has_arrived_is_not_loaded_again(hub: GitHubApi, tmp_path: Path) -> None:
    fill(hub)
    found = fetching.find(f"{hub.base}/o/r/actions/runs/101/artifacts/302", silent)
    hub.store.script["/302.zip"] = ["truncate:50000", "reset"]
    with pytest.raises(NetworkError, match="3 attempts"):
        fetching.fetch(found, Wish(), tmp_path)
    before = len(hub.store.seen)
    hub.store.script["/302.zip"] = ["ok"]
    assert len(fetching.fetch(found, Wish(), tmp_path)) == 2
    (asked,) = [wanted for _, wanted in hub.store.seen[before:]]
    assert asked is not None
    assert int(asked.removeprefix("bytes=").rstrip("-")) > 100_000


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("status:502", "ok"), ""),
        (("reset", "ok"), ""),
        (("status:429,1", "ok"), "GitHub asks to wait for 1 s"),
        (("status:403,1", "ok"), "GitHub asks to wait for 1 s"),
    ],
    ids=named,
)
def test_faults_of_the_api_are_waited_out(hub: GitHubApi, words: tuple[str, ...], said: str) -> None:
    fill(hub)
    hub.script["/repos/o/r/actions/runs/101"] = list(words)
    told: list[str] = []
    begun = time.monotonic()
    found = fetching.find(f"{hub.base}/o/r/actions/runs/101", told.append)
    assert len(found.failures) == 3
    assert told == ([said] if said else [])
    assert time.monotonic() - begun >= (1 if said else 0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("status:502",), "GitHub answers 502"),
        (("reset",), "cannot reach"),
        (("status:429,9999",), "asks to wait for 9999 s"),
        (("status:403",), "the token has no right to that"),
        (("status:410",), "it has been deleted"),
        (("redirect:https://evil.example/x",), "does not answer as GitHub does"),
    ],
    ids=named,
)
def test_faults_of_the_api_that_stay_are_said(hub: GitHubApi, words: tuple[str, ...], said: str) -> None:
    fill(hub)
    hub.script["/repos/o/r/actions/runs/101"] = list(words)
    with pytest.raises(NetworkError) as caught:
        fetching.find(f"{hub.base}/o/r/actions/runs/101", silent)
    assert said in caught.value.what
    assert TOKEN not in f"{caught.value.what}{caught.value.fix}{caught.value.detail}"


def test_rights_are_said_plainly(hub: GitHubApi, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fill(hub)
    page = f"{hub.base}/o/r/actions/runs/101"
    monkeypatch.setenv("GITHUB_TOKEN", "wrong")
    with pytest.raises(NetworkError, match=r"401: .* \(the token of GITHUB_TOKEN\): the token is wrong or has expired"):
        fetching.find(page, silent)
    monkeypatch.delenv("GITHUB_TOKEN")
    found = fetching.find(page, silent)  # a public repository shows its runs, and keeps its artifacts to itself
    with pytest.raises(NetworkError) as caught:
        fetching.fetch(found, Wish(), tmp_path)
    assert "no token" in caught.value.what
    hub.private = True
    with pytest.raises(NetworkError, match=r"GitHub knows no run 101 of o/r, or does not show it to us \(no token\)"):
        fetching.find(page, silent)


@pytest.mark.parametrize("fault", ["index", "missing", "digest", "size", "path", "link", "bomb", "double", "no zip"])
def test_artifacts_that_are_not_what_they_should_be(hub: GitHubApi, tmp_path: Path, fault: str) -> None:
    hub.add_run(1, "failure", head_branch="main")
    hub.add_job(1, 2, "j", "failure")
    hub.add_artifact(1, 3, "capsules-j", faulty(fault))
    found = fetching.find(f"{hub.base}/o/r/actions/runs/1", silent)
    with pytest.raises(UntrustedInput):
        fetching.fetch(found, Wish(most=4 << 20), tmp_path)
    assert not list(tmp_path.rglob("*.tar.zst"))
    assert not (tmp_path.parent / "evil").exists()


def faulty(fault: str) -> bytes:
    files: dict[str, bytes] = {"a.tar.zst": FILES["a.tar.zst"]}
    listed = index("j", "arm", files, {})
    if fault == "no zip":
        return b"PK\x03\x04 but no more"
    if fault == "index":
        return zipped({"index.json": b"{}", **files})
    if fault == "missing":
        return zipped({"index.json": listed})
    if fault == "digest":
        return zipped({"index.json": listed, "a.tar.zst": bytes(reversed(files["a.tar.zst"]))})
    if fault == "size":
        return zipped({"index.json": listed, "a.tar.zst": files["a.tar.zst"] + b"x"})
    if fault == "path":
        return zipped({"index.json": listed, **files, "../../../evil": b"x"})
    if fault == "double":
        return zipped({"index.json": listed, "one/a.tar.zst": b"x", "two/a.tar.zst": b"y"})
    if fault == "bomb":
        return zipped({"index.json": listed, **files, "zeros": bytes(5 << 20)}, small=True)
    return linked(listed)


def linked(listed: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("index.json", listed)
        link = zipfile.ZipInfo("a.tar.zst")
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/passwd")
    return out.getvalue()


def test_the_trap_is_one(hub: GitHubApi) -> None:
    """What a client does that keeps its headers."""
    hub.store.bodies["/x"] = b"x"
    for name in TOKEN_HEADERS:
        assert requests.get(f"{hub.store.base}/x", headers={name: "t"}, timeout=5).status_code == 400
    assert hub.store.refused == ["/x"] * len(TOKEN_HEADERS)
    assert hashlib.sha256(requests.get(f"{hub.store.base}/x", timeout=5).content).hexdigest().startswith("2d711642")
