"""Archives and layers as documents: what they say, and that they are the same each time."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from pathlib import Path

import pytest

from wrongarch.arches.model import Platform
from wrongarch.images import oci, tree
from wrongarch.images.feed import labels_of

ARM = Platform(architecture="arm", variant="v7")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    (folder / "b/deep").mkdir(parents=True)
    (folder / "b/deep/file").write_bytes(b"x" * 1000)
    (folder / "a").symlink_to("b/deep")
    (folder / "c").write_text("c")
    (folder / "c").chmod(0o4755)
    (folder / ("long" * 40)).write_text("a name that needs a pax header")
    for path in (*folder.rglob("*"), folder):
        os.utime(path, (1_600_000_000, 1_600_000_000), follow_symlinks=False)
    return folder


def layer(*parts: tree.Part) -> oci.Layer:
    found = tree.measure(tree.chunks(parts))
    return oci.Layer(diff=found.digest, blob=found, content=lambda: tree.chunks(parts))


def read(pieces: object) -> tarfile.TarFile:
    return tarfile.open(fileobj=io.BytesIO(b"".join(pieces)))  # type: ignore[call-overload]


def test_a_tree_as_a_tar(root: Path) -> None:
    with read(tree.chunks([tree.Part(source=root)])) as tar:
        members = tar.getmembers()
        assert [member.name for member in members] == ["a", "b", "b/deep", "b/deep/file", "c", "long" * 40]
        assert {(one.uid, one.gid, one.uname, one.mtime) for one in members} == {(0, 0, "", 1_600_000_000)}
        assert members[0].linkname == "b/deep"
        assert members[4].mode == 0o4755
        content = tar.extractfile("b/deep/file")
        assert content is not None
        assert content.read() == b"x" * 1000


def test_parts_get_their_places_and_folders(root: Path) -> None:
    parts = [
        tree.Part(source=root / "c", name="run/one/c", mode=0o600),
        tree.Part(source=root / "b", name="run/two"),
        tree.Part(source=root / "c", name="run/one/c"),
    ]
    with read(tree.chunks(parts)) as tar:
        assert tar.getnames() == ["run", "run/one", "run/one/c", "run/two", "run/two/deep", "run/two/deep/file"]
        assert tar.getmember("run/one/c").mode == 0o600


def test_what_is_no_file_is_left_out(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with read(tree.chunks([tree.Part(source=tmp_path, name="top")])) as tar:
        assert tar.getnames() == ["top"]


def test_the_measure_of_a_stream() -> None:
    seen: list[int] = []
    found = tree.measure([b"abc", b"d"], seen.append)
    assert found == tree.Measure(digest=f"sha256:{hashlib.sha256(b'abcd').hexdigest()}", size=4)
    assert seen == [3, 1]


def test_an_archive_for_both_kinds_of_readers(root: Path) -> None:
    facts = oci.Facts(platform=ARM, created=0, labels={"org.opencontainers.image.title": "t", "own": "o"})
    image = oci.make([layer(tree.Part(source=root))], facts)
    with read(oci.archive([image], "localhost/name:tag")) as tar:
        found = {member.name: tar.extractfile(member) for member in tar.getmembers()}
        content = {name: file.read() for name, file in found.items() if file is not None}
    for name, data in content.items():
        if name.startswith("blobs/sha256/"):
            assert hashlib.sha256(data).hexdigest() == name.removeprefix("blobs/sha256/")
    (entry,) = json.loads(content["index.json"])["manifests"]
    assert entry["platform"] == {"architecture": "arm", "os": "linux", "variant": "v7"}
    assert entry["digest"] == image.digest
    manifest = json.loads(content["blobs/" + entry["digest"].replace(":", "/")])
    assert manifest["annotations"] == {"org.opencontainers.image.title": "t"}
    (old,) = json.loads(content["manifest.json"])
    assert old["RepoTags"] == ["localhost/name:tag"]
    config = json.loads(content[old["Config"]])
    assert config["config"]["Labels"] == {"org.opencontainers.image.title": "t", "own": "o"}
    assert config["rootfs"]["diff_ids"] == [image.layers[0].diff]
    assert (config["architecture"], config["variant"], config["created"]) == ("arm", "v7", "1970-01-01T00:00:00Z")


def test_blobs_that_images_share_are_there_once(root: Path) -> None:
    shared = layer(tree.Part(source=root))
    images = [oci.make([shared], oci.Facts(platform=one)) for one in (ARM, Platform(architecture="s390x"))]
    with read(oci.archive(images, "a:b")) as tar:
        names = tar.getnames()
    assert len(names) == len(set(names)) == 3 + 2 + 2 + 1
    document = json.loads(oci.index(images, {"a": "b"}).data)
    assert [one["platform"]["architecture"] for one in document["manifests"]] == ["arm", "s390x"]
    assert document["annotations"] == {"a": "b"}


def test_platforms_in_words() -> None:
    assert oci.platform_text(ARM) == "linux/arm/v7"
    assert oci.platform_words(Platform(architecture="s390x")) == {"architecture": "s390x", "os": "linux"}


def test_pieces_as_a_file() -> None:
    seen: list[int] = []
    stream = io.BufferedReader(oci.Stream(iter([b"abc", b"", b"defg"]), seen.append), 2)
    assert stream.read() == b"abcdefg"
    assert sum(seen) == 7


@pytest.mark.parametrize("config", ["", "[]", '{"config": null}', '{"config": []}', '{"config": {"Labels": null}}'])
def test_a_configuration_without_labels(config: str) -> None:
    assert labels_of(config.encode()) == {}
    assert labels_of(b'{"config": {"Labels": {"a": "b"}, "Cmd": null}, "os": "linux"}') == {"a": "b"}
