from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wrongarch.arches.lookup import all_arches, find
from wrongarch.emulators.records import (
    FLAGS,
    LONGEST_INTERPRETER,
    LONGEST_LINE,
    MATCHED_BYTES,
    Entry,
    Record,
    make_record,
    parse,
    parse_entry,
    render,
)
from wrongarch.errors import UntrustedInput, UsageError

ARM = find("arm")
QEMU = "/usr/bin/qemu-arm-static"
PLAIN = Record(name="qemu-x", interpreter="/bin/q", magic=b"MZ")


def test_the_line_for_arm() -> None:
    assert render(make_record(ARM, QEMU)) == (
        rb":qemu-arm:M::\x7f\x45\x4c\x46\x01\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x28\x00"
        rb":\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00\xfe\xff\xff\xff"
        rb":/usr/bin/qemu-arm-static:POCF"
    )


@pytest.mark.parametrize("arch", all_arches(), ids=lambda arch: arch.name)
def test_every_arch_there_and_back(arch: object) -> None:
    record = make_record(arch, QEMU)  # type: ignore[arg-type]  # pytest knows no types of parameters
    line = render(record)
    assert parse(line) == parse(line + b"\n") == record
    assert len(line) < LONGEST_LINE / 3
    assert b"\0" not in line


@pytest.mark.parametrize(
    ("given", "made"), [("", ""), ("F", "F"), ("FOC", "OCF"), ("C", "OC"), ("CC", "OC"), ("FCOP", FLAGS)]
)
def test_flags_are_as_the_kernel_will_say_them(given: str, made: str) -> None:
    assert make_record(ARM, QEMU, flags=given).flags == made
    assert render(make_record(ARM, QEMU, flags=given)).endswith(b"-static:" + made.encode())


@pytest.mark.parametrize("flags", ["X", "poc", "POCF ", "P,F"])
def test_flags_there_are_not(flags: str) -> None:
    with pytest.raises(UsageError, match="binfmt_misc has no flag") as caught:
        make_record(ARM, QEMU, flags=flags)
    assert "letters of POCF" in caught.value.fix


@pytest.mark.parametrize(
    ("interpreter", "why"),
    [
        ("", "is no absolute path"),
        ("qemu-arm", "is no absolute path"),
        ("/a\nb", "line break or a zero byte"),
        ("/a\0b", "line break or a zero byte"),
        ("/\ud800", "can be no file name"),
        ("/" + "x" * LONGEST_INTERPRETER, "longer than 127 bytes"),
        ("/" + "ü" * 64, "longer than 127 bytes"),
    ],
)
def test_interpreters_the_kernel_would_not_take(interpreter: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        make_record(ARM, interpreter)
    with pytest.raises(UsageError, match=why):
        render(Record(name="x", interpreter=interpreter, magic=b"x"))


def test_the_longest_interpreter_and_one_that_is_no_utf8() -> None:
    for interpreter in ("/" + "x" * (LONGEST_INTERPRETER - 1), "/\udcff", "/with space/ü", "/a:b"):
        record = make_record(ARM, interpreter)
        assert parse(render(record)) == record


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "register", "status", "a\nb", "a\0b", "a b", "\ud800", "n" * 256]
)
def test_names_that_can_be_no_file_of_binfmt_misc(name: str) -> None:
    with pytest.raises(UsageError, match="its name"):
        render(Record(name=name, interpreter="/bin/q", magic=b"x"))


def test_a_name_of_ones_own() -> None:
    assert make_record(ARM, QEMU, name="mine").name == "mine"
    assert make_record(find("mips"), QEMU).name == "qemu-mipsel"


@pytest.mark.parametrize(
    ("record", "why"),
    [
        (Record(name="x", interpreter="/q", magic=b""), "it compares nothing"),
        (Record(name="x", interpreter="/q", magic=b"ab", mask=b"a"), "its mask has 1 bytes, its magic 2"),
        (Record(name="x", interpreter="/q", magic=b"a", offset=-1), "beyond the first 256"),
        (Record(name="x", interpreter="/q", magic=b"a", offset=MATCHED_BYTES), "beyond the first 256"),
        (Record(name="x", interpreter="/q", magic=b"a" * 257), "beyond the first 256"),
        (Record(name="x" * 200, interpreter="/q", magic=b"a" * 256, mask=b"b" * 256), "the kernel takes 1920"),
    ],
)
def test_records_the_kernel_would_not_take(record: Record, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        render(record)


def test_another_delimiter_where_a_colon_is_part_of_a_field() -> None:
    record = make_record(ARM, "/opt/a:b/qemu")
    assert render(record).startswith(b",qemu-arm,M,,")
    assert parse(render(record)) == record
    with pytest.raises(UsageError, match="no character is left"):
        render(make_record(ARM, "/:,|%@^~+="))


def bytes_of(size: int) -> st.SearchStrategy[bytes]:
    return st.binary(min_size=size, max_size=size)


NAMES = st.text(string.ascii_letters + string.digits + "-_.:,|", min_size=1, max_size=40).filter(
    lambda name: name not in {".", "..", "register", "status"}
)
PATHS = st.binary(max_size=100).map(lambda raw: "/" + raw.replace(b"\0", b"0").decode(errors="surrogateescape"))
RECORDS = st.integers(1, 128).flatmap(
    lambda size: st.builds(
        Record,
        name=NAMES,
        interpreter=PATHS.filter(lambda path: not set("\n\r") & set(path)),
        magic=bytes_of(size),
        mask=st.just(b"") | bytes_of(size),
        offset=st.integers(0, MATCHED_BYTES - size),
        flags=st.sampled_from(["", "P", "O", "F", "OC", "POCF", "POC", "OCF", "PF"]),
    )
)


@given(RECORDS)
def test_any_record_there_and_back(record: Record) -> None:
    try:
        line = render(record)
    except UsageError as error:
        assert "no character is left" in error.what
        return
    assert len(line) <= LONGEST_LINE
    assert b"\n" not in line
    assert parse(line) == record


@given(st.binary(max_size=200) | RECORDS.map(lambda record: render(record)[3:]) | st.text(max_size=99).map(str.encode))
def test_any_bytes_are_a_record_or_an_error(line: bytes) -> None:
    try:
        record = parse(line)
    except UntrustedInput as error:
        assert error.what
    else:
        assert parse(render(record)) == record


def test_records_of_others() -> None:
    debian = rb":qemu-x:M::\x7fELF\x01:\xff\xff\xff\xff\xfe:/usr/libexec/qemu-binfmt/x-binfmt-P:OPF"
    assert parse(debian) == Record(
        name="qemu-x",
        interpreter="/usr/libexec/qemu-binfmt/x-binfmt-P",
        magic=b"\x7fELF\x01",
        mask=b"\xff\xff\xff\xff\xfe",
        flags="POF",
    )
    assert parse(b",DOSWin,M,2,MZ,,/usr/bin/wine,\n") == Record(
        name="DOSWin", interpreter="/usr/bin/wine", magic=b"MZ", offset=2
    )
    assert parse(rb":x:M::a\b\x5Cx::/q:").magic == b"a\\b\\x"
    assert parse(b":x:M:007:a::/q:C").flags == "OC"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"", "is no record"),
        (b"\n", "is no record"),
        (b"# comment", "is no record"),
        (b":x:M::a::/q", "is no record"),
        (b":x:M::a::/q:F:", "is no record"),
        (b"xnxMxxaxx/qx", "is no record"),
        (b":x:E::jar::/q:", "does not go by magic: its type is 'E'"),
        (b":x:M:-1:a::/q:", "no number as its offset"),
        (b":x:M:1 :a::/q:", "no number as its offset"),
        (":x:M:²:a::/q:".encode(), "no number as its offset"),
        (b":x:M:1000000000:a::/q:", "no number as its offset"),
        (b":x:M:256:a::/q:", "beyond the first 256"),
        (rb":x:M::\x7::/q:", "an escape that is not"),
        (rb":x:M::\xgg::/q:", "an escape that is not"),
        (b":x:M::a\0b::/q:", "an escape that is not"),
        (b":x:M::a:bc:/q:", "its mask has 2 bytes"),
        (b":x:M::::/q:", "it compares nothing"),
        (b":x:M::a::q:", "is no absolute path"),
        (b":x:M::a::/q:Q", "flags other than POCF"),
        (b":a/b:M::a::/q:", "its name"),
        (b":\xff:M::a::/q:", "its name has unprintable"),
        (b":x:M::a::/" + b"q" * 1920 + b":", "has 1931 bytes, the kernel takes 1920"),
    ],
)
def test_hostile_lines(line: bytes, why: str) -> None:
    with pytest.raises(UntrustedInput, match=why):
        parse(line)


ENTRY = """\
enabled
interpreter /usr/bin/qemu-arm-static
flags: POCF
offset 0
magic 7f454c46
mask ffffff00
"""


def test_what_the_kernel_says_of_an_entry() -> None:
    assert parse_entry("qemu-arm", ENTRY) == Entry(
        name="qemu-arm",
        enabled=True,
        interpreter="/usr/bin/qemu-arm-static",
        flags="POCF",
        magic=b"\x7fELF",
        mask=b"\xff\xff\xff\0",
    )
    assert not parse_entry("x", ENTRY.replace("enabled", "disabled")).enabled
    jar = parse_entry("jar", "enabled\ninterpreter /usr/bin/jexec\nflags: \nextension .jar\n")
    assert (jar.extension, jar.magic, jar.flags) == ("jar", b"", "")
    assert parse_entry("x", ENTRY.replace("mask ffffff00\n", "").replace("offset 0", "offset 12")).offset == 12
    assert parse_entry("x", ENTRY.replace("POCF", "TL")).flags == "TL"  # of kernels to come


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "neither enabled nor disabled"),
        ("enabled", "does not say what it matches"),
        ("yes\n", "neither enabled nor disabled: 'yes'"),
        (ENTRY + "\n", "a line that means nothing: ''"),
        (ENTRY + "hello\n", "a line that means nothing: 'hello'"),
        (ENTRY + "offset 0\n", "a line that means nothing: 'offset 0'"),
        (ENTRY.replace("interpreter", "interpretor"), "a line that means nothing"),
        (ENTRY.replace("interpreter /usr/bin/qemu-arm-static\n", ""), "or what it starts"),
        (ENTRY.replace("magic 7f454c46\n", ""), "does not say what it matches"),
        (ENTRY + "extension .jar\n", "does not say what it matches"),
        (ENTRY.replace("7f45", "7g45"), "not hexadecimal"),
        (ENTRY.replace("7f45", "7f4"), "not hexadecimal"),
        (ENTRY.replace("ffffff00", "ffff"), "a mask of another length"),
        (ENTRY.replace("offset 0", "offset 0x1"), "an offset that is no number"),
        (ENTRY.replace("offset 0", "offset ²"), "an offset that is no number"),
        (ENTRY.replace("offset 0", "offset -1"), "an offset that is no number"),
    ],
)
def test_entries_that_linux_does_not_write(text: str, why: str) -> None:
    with pytest.raises(UntrustedInput, match=why):
        parse_entry("x", text)


@given(st.text(max_size=200) | st.lists(st.sampled_from(ENTRY.splitlines()), max_size=9).map("\n".join))
def test_any_text_is_an_entry_or_an_error(text: str) -> None:
    try:
        assert parse_entry("x", text).interpreter
    except UntrustedInput as error:
        assert "'x'" in error.what
