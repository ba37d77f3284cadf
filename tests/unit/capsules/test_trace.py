from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from wrongarch.capsules.trace import Trace

LOG = b"""1 execve("/bin/sh",{"sh","-c","x",NULL}) = 0
1 openat(AT_FDCWD,"/etc/ld.so.cache",O_RDONLY|O_LARGEFILE|O_CLOEXEC) = 3
1 openat(AT_FDCWD,"data/\\303\\274 \\"q\\".txt",O_RDONLY) = -1 errno=2 (No such file or directory)
1 chdir("/work") = 0
2 openat(AT_FDCWD,"sub",O_RDONLY|O_DIRECTORY) = 4
2 getdents64(4,0x4000,32768) = 120
2 readlink("/proc/self/exe",0x1000,99) = 8
1 stat64("/a/b",0x3ffff) 2 statx(AT_FDCWD,"/c",AT_SYMLINK_NOFOLLOW,STATX_BASIC_STATS,0x3f) = 0
1 write(1,0x400032d0,7) = 7
1 access("","""


def read(*pieces: bytes) -> Trace:
    trace = Trace()
    for piece in pieces:
        trace.feed(piece)
    trace.close()
    return trace


def test_paths_are_found_whatever_came_of_them() -> None:
    trace = read(LOG)
    paths = list(trace.paths)
    assert paths[:3] == ["/bin/sh", "/etc/ld.so.cache", 'data/ü "q".txt']
    assert {"/a/b", "/work", "sub"} <= set(paths)
    assert list(trace.executed) == ["/bin/sh"]
    assert trace.listed == ("sub",)


def test_a_relative_path_may_be_meant_from_each_folder() -> None:
    found = list(read(LOG).candidates("/start"))
    assert '/start/data/ü "q".txt' in found
    assert '/work/data/ü "q".txt' in found
    assert "/start/sub" in found


def test_folders_count_as_listed_only_where_something_was() -> None:
    assert read(LOG.replace(b"getdents64", b"nothing")).listed == ()


@given(st.lists(st.integers(0, len(LOG)), max_size=5))
def test_pieces_make_no_difference(cuts: list[int]) -> None:
    edges = sorted({0, len(LOG), *cuts})
    pieces = [LOG[start:end] for start, end in itertools.pairwise(edges)]
    assert read(*pieces).paths == read(LOG).paths


@given(st.binary(max_size=400))
def test_any_bytes_are_read(raw: bytes) -> None:
    trace = read(b'openat(AT_FDCWD,"' + raw, raw)
    assert all("\0" not in path for path in trace.paths)
