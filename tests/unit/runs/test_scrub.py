from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wrongarch.runs import scrub

SECRETS = [
    b"ghp_0123456789abcdefghijABCDEFGHIJ456789",
    b"github_pat_11ABCDEFG0123456789_abcdefghijklmnopqrstuvwxyz",
    b"glpat-abcdefghij0123456789",
    b"AKIAABCDEFGHIJKLMNOP",
    b"xoxb-123456789012-abcdefghijkl",
    b"AIza" + b"a" * 35,
    b"npm_" + b"a" * 36,
    b"hf_" + b"A" * 34,
    b"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
    b"sk-proj-abcdefghijklmnopqrstuvwx",
    b"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----",
    b"-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA cut off",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_secrets_are_known_by_their_shape(secret: bytes) -> None:
    cleaned = scrub.text(b"before " + secret + b" after\n")
    assert secret not in cleaned
    assert cleaned.startswith(b"before " + scrub.REMOVED.encode())


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        (b"Authorization: Bearer abcdefghijklmnop0123", b"Authorization: Bearer <removed>"),
        (b"https://me:hunter22@host/x", b"https://<removed>@host/x"),
        (b'{"password": "correct horse"}', b'{"password": "<removed> horse"}'),
        (b"MY_API_KEY=abcdef123456", b"MY_API_KEY=<removed>"),
        (b"export DB_PASSWORD='swordfish'", b"export DB_PASSWORD='<removed>'"),
    ],
)
def test_what_stands_before_a_secret_stays(line: bytes, kept: bytes) -> None:
    assert scrub.text(line) == kept


@pytest.mark.parametrize(
    "line",
    [
        b"SyntaxError: Unexpected token 'x' at line 3",
        b"the keyboard monkey passed",
        b"sum 41",
        b"token: 3",
        b"https://host/path@2x",
        b"sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ],
)
def test_ordinary_words_stay(line: bytes) -> None:
    assert scrub.text(line) == line


def test_known_values_go_wherever_they_are() -> None:
    assert scrub.text(b"x=s3cr3tvalue;", ["s3cr3tvalue"]) == b"x=<removed>;"
    assert scrub.word("a s3cr3tvalue b", ["s3cr3tvalue"]) == "a <removed> b"
    assert scrub.text(b"short", ["ort"]) == b"short"


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("GITHUB_TOKEN", True),
        ("AWS_SECRET_ACCESS_KEY", True),
        ("npm_config__authToken", True),
        ("DB_PASS", True),
        ("SSH_KEY", True),
        ("SESSIONS", False),
        ("PATH", False),
        ("HOME", False),
        ("KEYBOARD", False),
        ("JSC_useJIT", False),
        ("MONKEY", False),
        ("COMPASS", False),
    ],
)
def test_names_of_secrets(name: str, secret: bool) -> None:
    assert scrub.is_secret_name(name) is secret


def test_an_environment_keeps_its_names() -> None:
    cleaned = scrub.environment({"B_TOKEN": "abc", "A": "1", "EMPTY_TOKEN": "", "C": "ghp_0123456789abcdefghijABCDEF"})
    assert cleaned == {"A": "1", "B_TOKEN": scrub.REMOVED, "C": scrub.REMOVED, "EMPTY_TOKEN": ""}
    assert list(cleaned) == sorted(cleaned)
    assert scrub.secret_values({"B_TOKEN": "abcdefgh", "A": "abcdefgh", "X_KEY": "ab"}) == ("abcdefgh",)


@given(st.binary(max_size=2000))
def test_any_bytes_in_little_time(raw: bytes) -> None:
    once = scrub.text(raw)
    assert scrub.text(once) == once


def test_long_lines_take_no_time() -> None:
    for raw in (
        b"a_" * 200_000,
        b"://" + b"a" * 400_000,
        b"eyJ" * 150_000,
        b"-----BEGIN " * 40_000,
        b"token=" * 60_000,
    ):
        scrub.text(raw)
