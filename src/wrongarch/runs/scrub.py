"""Keeps secrets out of capsules: by the names of variables, and by the shape of what stands in a text.

Shapes are those that providers document for their tokens, PEM private keys, JSON Web Tokens (RFC 7519), and passwords
in addresses (RFC 3986, userinfo). A secret without a known name or shape cannot be told from any other word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

REMOVED = "<removed>"

_NAMES = re.compile(
    r"(?:^|[_-])(?:TOKENS?|SECRETS?|PASS(?:WORD|WD|PHRASE|CODE)?S?|PWD_?HASH|CREDENTIALS?|CREDS?|AUTH(?:ORIZATION)?|COOKIES?|"
    r"SESSION_?ID|(?:API|ACCESS|PRIVATE|SECRET|SIGNING|ENCRYPTION|DEPLOY|SSH|GPG|ACCOUNT|MASTER)_?KEYS?|KEY|"
    r"PAT|JWT|NETRC|CONNECTION_?STRING|DSN)(?:$|[_-])|APIKEY|ACCESSKEY|AUTHTOKEN|_authToken",
    re.IGNORECASE,
)
_NEEDED = frozenset({"PATH", "HOME", "LANG", "TZ", "TERM", "QEMU_CPU", "LC_ALL"})

_SHAPES: tuple[re.Pattern[bytes], ...] = tuple(
    re.compile(pattern)
    for pattern in (
        rb"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]{0,20000}?"
        rb"(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|\Z)",
        rb"\bgh[pousr]_[A-Za-z0-9]{20,255}",  # GitHub
        rb"\bgithub_pat_[A-Za-z0-9_]{20,255}",
        rb"\bgl(?:pat|ptt|rt|cbt|dt|soat|ft|imt|agent|oas)-[A-Za-z0-9_.-]{16,300}",  # GitLab
        rb"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b",  # AWS
        rb"\bxox[abeoprs]-[A-Za-z0-9-]{10,250}",  # Slack
        rb"\bxapp-\d-[A-Za-z0-9-]{10,250}",
        rb"\bAIza[A-Za-z0-9_-]{35}",  # Google
        rb"\bya29\.[A-Za-z0-9_-]{20,500}",
        rb"\bsk-(?:[a-z]+-){0,3}[A-Za-z0-9_-]{20,250}",
        rb"\b[rs]k_(?:live|test)_[A-Za-z0-9]{10,250}",  # Stripe
        rb"\bnpm_[A-Za-z0-9]{36}",
        rb"\bpypi-[A-Za-z0-9_-]{50,500}",
        rb"\bdckr_pat_[A-Za-z0-9_-]{20,100}",
        rb"\bhf_[A-Za-z0-9]{30,100}",
        rb"\bSG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}",  # SendGrid
        rb"\bdop_v1_[a-f0-9]{64}",
        rb"\bhv[sbr]\.[A-Za-z0-9_-]{20,300}",  # Vault
        rb"\bAGE-SECRET-KEY-1[A-Z0-9]{50,70}",
        rb"\beyJ[A-Za-z0-9_-]{8,4000}\.eyJ[A-Za-z0-9_-]{8,8000}\.[A-Za-z0-9_-]{8,4000}",  # a JSON Web Token
        rb"(?i:\b(?:bearer|basic)[ \t]+)[A-Za-z0-9+/_.~-]{16,4000}=*",
        rb"(?<=://)[^/\s:@'\"]{1,256}:[^/\s@'\"]{1,512}@",  # user:password@ in an address
        rb"(?<=://)[A-Za-z0-9_-]{20,512}@",
        # NAME=value and "name": "value" in what programs print of their environment
        rb"(?i:(?<![A-Za-z0-9])(?:[A-Za-z0-9]+[_-]){0,6}(?:token|secret|password|passwd|passphrase|api_?key|access_?key"
        rb"|private_?key|secret_?key|auth_?token)[\"']?[ \t]{0,3}[=:][ \t]{0,3}[\"']?)[^\s\"'<>,;(){}\[\]]{6,4000}",
    )
)


def text(raw: bytes, known: Iterable[str] = ()) -> bytes:
    """`raw` without what looks like a secret, and without the values in `known`."""
    for value in sorted(set(known), key=len, reverse=True):
        if len(value) >= 6:
            raw = raw.replace(value.encode(errors="surrogateescape"), REMOVED.encode())
    for shape in _SHAPES:
        raw = shape.sub(_kept_name, raw)
    return raw


def _kept_name(found: re.Match[bytes]) -> bytes:
    """Where the name before a value is part of what was found, it stays."""
    whole = found[0]
    if whole.endswith(b"@"):  # of an address
        return REMOVED.encode() + b"@"
    name = re.match(rb"(?i:bearer|basic)[ \t]+|[A-Za-z0-9_-]+[\"']?[ \t]*[=:][ \t]*[\"']?", whole)
    return (name[0] if name and len(name[0]) < len(whole) else b"") + REMOVED.encode()


def word(text_: str, known: Iterable[str] = ()) -> str:
    """`text` for a str."""
    return text(text_.encode(errors="surrogateescape"), known).decode(errors="replace")


def is_secret_name(name: str) -> bool:
    """Whether a variable of that name most likely holds a secret."""
    return name not in _NEEDED and _NAMES.search(name) is not None


def secret_values(env: Mapping[str, str]) -> tuple[str, ...]:
    """The values of `env` that must not appear anywhere, by the names of their variables."""
    return tuple(value for name, value in env.items() if is_secret_name(name) and len(value) >= 6)


def environment(env: Mapping[str, str], known: Iterable[str] = ()) -> dict[str, str]:
    """`env` sorted, with the values of secrets replaced: a variable keeps its name, so that the reader knows of it."""
    return {
        name: REMOVED if is_secret_name(name) and value else word(value, known) for name, value in sorted(env.items())
    }
