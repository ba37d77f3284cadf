"""Failures on GitLab: a stand-in that leads downloads to another host, which refuses every token."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.support.forges import PROJECT, STORE_FAULTS, TOKEN, GitLabApi, assert_told, capsule, index, named, silent
from wrongarch.errors import NetworkError, UntrustedInput, UsageError
from wrongarch.forges import fetching
from wrongarch.forges.fetching import Wish

SHA = "c" * 40
FILES = {"a.tar.zst": capsule("a"), "b.tar.zst": capsule("b", 300_000)}
TESTS = {"a.tar.zst": ["stress/a.js [no-jit]"], "b.tar.zst": ["stress/b.js [default]"]}
PLACE = ".wrongarch/capsules"


def put(api: GitLabApi, job: int, name: str, arch: str) -> None:
    for file, data in {"index.json": index(name, arch, FILES, TESTS), **FILES}.items():
        api.files[job, f"{PLACE}/{file}"] = data


def fill(api: GitLabApi) -> None:
    api.add_pipeline(90, "failed")
    api.add_job(90, 190, "test-arm: [arm-jsc-all]", "failed", artifacts_expire_at="2025-01-02T03:04:05.000Z")
    api.add_pipeline(100, "success")
    api.add_pipeline(101, "failed", ref="topic/one", sha=SHA)
    api.add_job(101, 201, "test-arm: [arm-jsc-all]", "failed", artifacts_expire_at="2099-01-02T03:04:05.000Z")
    api.add_job(101, 202, "test-s390x: [s390x-jsc-all]", "failed")
    api.add_job(101, 203, "test-mips: [mips-jsc-all]", "success")
    api.add_job(101, 204, "report", "failed")
    put(api, 201, "arm-jsc-all", "arm")
    put(api, 202, "s390x-jsc-all", "s390x")


@pytest.mark.parametrize(
    ("page", "count"),
    [
        ("pipelines/101", 3),
        ("pipelines/101/builds", 3),
        ("jobs/202", 1),
        ("jobs/202/artifacts/browse/.wrongarch/capsules", 1),
        ("commit/ddddddd", 1),
        (f"commit/{SHA}", 3),
        ("tree/topic/one", 3),
        ("merge_requests/12/diffs", 3),
    ],
)
def test_what_failed_by_any_address(lab: GitLabApi, page: str, count: int) -> None:
    fill(lab)
    if page == "commit/ddddddd":
        lab.pipelines = [one for one in lab.pipelines if one["id"] == 90]
    found = fetching.find(f"{lab.base}/{PROJECT}/-/{page}", silent)
    assert len(found.failures) == count
    assert all("private-token" in headers for _, _, headers in lab.asked)


def test_of_a_branch_the_newest_or_the_newest_that_failed(lab: GitLabApi) -> None:
    fill(lab)
    with pytest.raises(UsageError, match=r"nothing failed in branch main .* \(pipeline 100: success\)"):
        fetching.find(f"{lab.base}/{PROJECT}/-/tree/main", silent)
    for page in ("tree/main", "pipelines"):
        found = fetching.find(f"{lab.base}/{PROJECT}/-/{page}", silent, latest_failure=True)
        assert (found.folder, found.failures[0].note) == ("pipeline-90", "its capsules expired on 2025-01-02")
    with pytest.raises(NetworkError, match="no capsule left") as caught:
        fetching.fetch(found, Wish(), Path("/nowhere"))
    assert "expired on 2025-01-02" in caught.value.detail


def test_capsules_arrive_and_the_token_stays_with_gitlab(lab: GitLabApi, tmp_path: Path) -> None:
    fill(lab)
    found = fetching.find(f"{lab.base}/{PROJECT}/-/pipelines/101", silent)
    assert {failure.job: failure.note for failure in found.failures}["report"] == "it left no capsules"
    capsules = fetching.fetch(found, Wish(), tmp_path)
    assert sorted((one.job, one.arch, one.path.name) for one in capsules) == [
        ("arm-jsc-all", "arm", "a.tar.zst"),
        ("arm-jsc-all", "arm", "b.tar.zst"),
        ("s390x-jsc-all", "s390x", "a.tar.zst"),
        ("s390x-jsc-all", "s390x", "b.tar.zst"),
    ]
    assert all(one.path.read_bytes() == FILES[one.path.name] for one in capsules)
    assert len(lab.store.seen) == 6  # two lists, four capsules
    assert lab.store.refused == []  # no token came along
    fetching.fetch(found, Wish(), tmp_path)
    assert len(lab.store.seen) == 6
    (one,) = fetching.fetch(found, Wish(arch="s390x", test=r"a\.js"), tmp_path)
    assert one.tests == ("stress/a.js [no-jit]",)


def test_a_job_has_its_own_token(lab: GitLabApi, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fill(lab)
    for name in ("GITLAB_TOKEN", "GITLAB_HOST"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("CI_SERVER_URL", lab.base)
    monkeypatch.setenv("CI_API_V4_URL", f"{lab.base}/api/v4")
    monkeypatch.setenv("CI_JOB_TOKEN", TOKEN)
    found = fetching.find(f"{lab.base}/{PROJECT}/-/jobs/201", silent)
    assert len(fetching.fetch(found, Wish(), tmp_path)) == 2
    assert all(headers.get("job-token") == TOKEN for _, _, headers in lab.asked)


@pytest.mark.parametrize(
    ("words", "kind", "said"),
    STORE_FAULTS,
    ids=named,
)
def test_faults_of_the_store(
    lab: GitLabApi, tmp_path: Path, words: tuple[str, ...], kind: type[Exception] | None, said: str
) -> None:
    fill(lab)
    found = fetching.find(f"{lab.base}/{PROJECT}/-/jobs/202", silent)
    lab.store.script["/202/b.tar.zst"] = list(words)
    if kind is None:
        assert len(fetching.fetch(found, Wish(), tmp_path)) == 2
        return
    with pytest.raises(kind) as caught:
        fetching.fetch(found, Wish(), tmp_path)
    assert_told(caught.value, said, "X-Signature")
    assert not list(tmp_path.rglob("b.tar.zst"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("status:502", "ok"), ""),
        (("reset", "ok"), ""),
        (("status:429,1", "ok"), "GitLab asks to wait for 1 s"),
    ],
    ids=named,
)
def test_faults_of_the_api_are_waited_out(lab: GitLabApi, words: tuple[str, ...], said: str) -> None:
    fill(lab)
    lab.script[f"/api/v4/projects/{PROJECT}/pipelines/101"] = list(words)
    told: list[str] = []
    begun = time.monotonic()
    assert len(fetching.find(f"{lab.base}/{PROJECT}/-/pipelines/101", told.append).failures) == 3
    assert told == ([said] if said else [])
    assert time.monotonic() - begun >= (1 if said else 0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("status:502",), "GitLab answers 502"),
        (("reset",), "cannot reach"),
        (("status:429,9999",), "asks to wait for 9999 s"),
        (("status:429,0",), "allows no more requests for now"),
        (("status:403",), "the token has no right to that"),
        (("status:404",), "knows no pipeline 101"),
        (("status:410",), "it has been deleted"),
    ],
    ids=named,
)
def test_faults_of_the_api_that_stay_are_said(lab: GitLabApi, words: tuple[str, ...], said: str) -> None:
    fill(lab)
    lab.script[f"/api/v4/projects/{PROJECT}/pipelines/101"] = list(words)
    with pytest.raises(NetworkError) as caught:
        fetching.find(f"{lab.base}/{PROJECT}/-/pipelines/101", silent)
    assert said in caught.value.what
    assert TOKEN not in f"{caught.value.what}{caught.value.fix}{caught.value.detail}"


def test_an_api_that_leads_elsewhere_gets_no_token_there(lab: GitLabApi) -> None:
    fill(lab)
    lab.store.bodies["/elsewhere"] = json.dumps({"id": 101, "status": "success"}).encode()
    lab.script[f"/api/v4/projects/{PROJECT}/pipelines/101"] = [f"redirect:{lab.store.base}/elsewhere"]
    with pytest.raises((NetworkError, UsageError)):
        fetching.find(f"{lab.base}/{PROJECT}/-/pipelines/101", silent)
    assert lab.store.seen[0][0] == "/elsewhere"
    assert lab.store.refused == []


def test_rights_are_said_plainly(lab: GitLabApi, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(lab)
    page = f"{lab.base}/{PROJECT}/-/pipelines/101"
    monkeypatch.setenv("GITLAB_TOKEN", "wrong")
    with pytest.raises(NetworkError, match=r"401 \(the token of GITLAB_TOKEN\): the token is wrong or has expired"):
        fetching.find(page, silent)
    monkeypatch.delenv("GITLAB_TOKEN")
    lab.private = True
    with pytest.raises(NetworkError, match=r"GitLab knows no pipeline 101 of .*no token") as caught:
        fetching.find(page, silent)
    assert f"GITLAB_HOST={lab.base}" in caught.value.fix


def test_a_list_that_is_damaged(lab: GitLabApi) -> None:
    fill(lab)
    lab.files[201, f"{PLACE}/index.json"] = b'{"capsules": [{"name": "../evil"}]}'
    with pytest.raises(UntrustedInput, match="list of capsules"):
        fetching.find(f"{lab.base}/{PROJECT}/-/jobs/201", silent)
