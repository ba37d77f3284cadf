from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.matrices import EVERYTHING, LOCK, MINIMAL, pipeline, write_project
from wrongarch.errors import UsageError
from wrongarch.pipelines import expand as expanding
from wrongarch.pipelines.expand import expand
from wrongarch.pipelines.jobs import Pipeline, grouped
from wrongarch.pipelines.reading import read


def ids(found: Pipeline) -> list[str]:
    return [job.id for job in found.tests]


def test_without_more_there_is_one_job_for_each_arch(tmp_path: Path) -> None:
    found = pipeline(tmp_path, MINIMAL)
    assert ids(found) == ["arm-tiny-all", "mips-tiny-all"]
    assert [(image.id, image.lock) for image in found.images] == [("image-arm-tiny", LOCK), ("image-mips-tiny", LOCK)]
    assert found.find("image-mips-tiny") is found.images[1]
    assert found.find("arm-tiny-all") is found.tests[0]
    assert found.find("other") is None
    assert found.tests[0].shard == ""


def test_everything(tmp_path: Path) -> None:
    found = pipeline(tmp_path, EVERYTHING)
    assert ids(found)[:4] == [f"arm-tiny-checks-{number}-of-3" for number in (1, 2, 3)] + [
        "arm-tiny-checks-max-vfp-off-e21f-1-of-3"
    ]
    # the suite `scripts` is for some arches only
    assert "s390x-tiny-scripts-qemu11.1" in ids(found)
    assert not any(name.startswith("arm64-tiny-scripts") for name in ids(found))
    natives = [job for job in found.tests if job.cell.emulator == "native"]
    assert {(job.cell.arch, job.runner, job.tags, job.cell.cpu) for job in natives} == {
        ("arm64", "ubuntu-24.04-arm", ("arm64",), "")
    }
    assert {job.allowed for job in found.tests if job.cell.emulator == "11.1"} == {"new, and not looked at yet"}
    assert {job.allowed for job in found.tests if job.cell.emulator != "11.1"} == {""}
    assert not any(job.cell.arch == "s390x" and job.cell.engine == "docker" for job in found.tests)
    included = found.find("mips-tiny-checks-qemu7.2")
    assert included is not None
    assert included.timeout == 90  # type: ignore[union-attr]  # a test job
    assert {job.timeout for job in found.tests} == {45, 60, 90}
    assert [image.id for image in found.images][-1] == "image-mips-tiny"
    assert len(ids(found)) == len(set(ids(found)))


def test_the_order_is_that_of_the_matrix(tmp_path: Path) -> None:
    first = pipeline(tmp_path, EVERYTHING)
    assert first == pipeline(tmp_path, EVERYTHING)


@pytest.mark.parametrize(
    ("add", "where", "words"),
    [
        ('[arch.arm]\ncpus = ["", ""]', "arch.arm.cpus", "twice: arm tiny"),
        ('[axes]\nengines = ["docker", "docker"]', "axes.engines", "twice"),
        ('[[include]]\narch = "arm"', "include[0]", "twice"),
        ('[axes]\nemulators = ["9.9"]', "axes.emulators[0]", "no emulator '9.9'"),
        ('[axes]\nengines = ["dokcer"]', "axes.engines[0]", "did you mean 'docker'"),
        ('[axes]\nemulators = ["native"]', "axes.emulators", "no machine is known that runs arm itself"),
        ("[suites.tiny]\nchekcs = {}", "suites.tiny.chekcs", "did you mean 'checks'"),
        ("[suites.tiny]\nchecks = {shards = 7}", "suites.tiny.checks.shards", "7 shards of 6 tests"),
        ("[suites.tiny]\nscripts = {shards = 4}", "suites.tiny.scripts.shards", "use at most 3"),
        ("[suites.other]\nx = {}", "suites.other", "there is no recipe 'other'"),
        ('[[exclude]]\narch = "s390x"\nreason = "none"', "exclude[0]", "nothing is like that"),
        ('[[allowed_failures]]\ncpu = "x"\nreason = "none"', "allowed_failures[0]", "nothing is like that"),
        ('[[exclude]]\nrecipe = "tiny"\nreason = "all of it"', "exclude", "nothing is left"),
        ('[[include]]\narch = "armhf"', "include[0].arch", "another name of arm"),
        ('[[include]]\narch = "vax"', "include[0].arch", "no arch 'vax'"),
        ('[[include]]\narch = "arm"\nsuite = "x"', "include[0].suite", "no suite 'x'"),
        ('[[include]]\narch = "arm"\nsuite = "checks"\nshards = 7', "include[0].suite.shards", "7 shards of 6"),
        ('[[include]]\narch = "arm"\nemulator = "native"', "include[0]", "give its runner and tags"),
    ],
)
def test_what_cannot_be_is_refused_with_its_key(tmp_path: Path, add: str, where: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        pipeline(tmp_path, f"{MINIMAL}{add}\n")
    assert f": {where}: " in caught.value.what
    assert words in f"{caught.value.what}\n{caught.value.fix}"
    line = int(caught.value.what.split(":")[1])
    assert line >= 1


def test_an_arch_that_is_there_twice(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"arches\[1\]: arm is there twice"):
        pipeline(tmp_path, MINIMAL.replace('"mips"', '"arm"'))


def test_a_runner_makes_an_include_native(tmp_path: Path) -> None:
    found = pipeline(tmp_path, MINIMAL + '[[include]]\narch = "arm"\nemulator = "native"\nrunner = "board"\n')
    assert [(job.id, job.runner) for job in found.tests][-1] == ("arm-tiny-all-native", "board")


def test_native_alone(tmp_path: Path) -> None:
    found = pipeline(tmp_path, MINIMAL + '[arch.arm.native]\nrunner = "board"\nonly = true\n')
    assert [job.id for job in found.tests] == ["arm-tiny-all-native", "mips-tiny-all"]


def test_suites_of_the_defaults_limit_the_jobs(tmp_path: Path) -> None:
    text = MINIMAL.replace('recipe = "tiny"', 'recipe = "tiny"\nsuites = ["checks"]')
    assert ids(pipeline(tmp_path, text)) == ["arm-tiny-checks", "mips-tiny-checks"]


def test_recipes_by_path(tmp_path: Path) -> None:
    found = pipeline(tmp_path, MINIMAL.replace('recipe = "tiny"', 'recipe = "ci/recipes/tiny"'))
    assert ids(found)[0].startswith("arm-ci-recipes-tiny-")
    assert found.tests[0].cell.recipe == "ci/recipes/tiny"


def test_too_many_jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expanding, "MOST_JOBS", 1)
    with pytest.raises(UsageError, match="2 jobs are more than 1"):
        pipeline(tmp_path, MINIMAL)


def test_a_lock_that_is_missing_is_told(tmp_path: Path) -> None:
    file = write_project(tmp_path, MINIMAL)

    def none(_recipe: object, _arch: str) -> str:
        raise UsageError("no lock", fix="wrongarch image lock arm")

    with pytest.raises(UsageError, match="no lock"):
        expand(read(file), file, tmp_path, none)


def test_groups_are_split_at_the_limit_and_never_share_a_name(tmp_path: Path) -> None:
    text = MINIMAL.replace('["arm", "mips"]', '["arm"]') + "[suites.tiny]\nchecks = {shards = 5}\n"
    text += '[[include]]\narch = "arm"\nrecipe = "tiny-2"\n'
    write_project(tmp_path, text, name="tiny-2")
    found = pipeline(tmp_path, text)
    groups = grouped(found, 2)
    assert [(group.id, len(group.jobs)) for group in groups] == [
        ("test-arm-tiny", 2),
        ("test-arm-tiny-3", 2),  # -2 belongs to the other recipe
        ("test-arm-tiny-4", 1),
        ("test-arm-tiny-2", 1),
    ]
    assert [name for group in groups for name in group.jobs] == ids(found)


def test_what_a_forge_has_to_know_keeps_groups_apart(tmp_path: Path) -> None:
    groups = grouped(pipeline(tmp_path, EVERYTHING), 256)
    facts = [(group.image, group.runner, group.engine, group.timeout, group.allowed) for group in groups]
    assert len(facts) == len(set(facts))
    assert len(facts) > 6
