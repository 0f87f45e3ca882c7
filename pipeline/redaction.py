"""Secrets out of what is written down or said: passwords and tokens in addresses, and keys.

An address may hold a secret as ``user:password@`` or as a parameter (``?token=...``, the signature
of a link that a storage service signed). It is used as it was given, and kept and shown without.
"""

from __future__ import annotations

import contextlib
import os
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import SplitResult, urlsplit, urlunsplit

HIDDEN = "***"
# The variables whose values are secrets; see pipeline/llm/servers.py and the speech engines.
KEYS = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")
# Shorter values ("none", "x") are placeholders, and would blot out ordinary words.
_SHORTEST_KEY = 6

# Names of parameters that let whoever knows them in: common ones, and those of signed links
# (Amazon S3 and CloudFront, Google Cloud Storage, Azure's SAS, Akamai). A parameter that only names
# something (v, id, list, h, expires) is not one of them: links need it.
_NAMES = (
    r"(?:access|auth|id|refresh|session|bearer|csrf|oauth|api|private|security|secret)?[-_]?token",
    r"auth(?:orization|key)?|(?:api|access|private|secret|license|licence|auth)[-_]?key|key",
    r"pass(?:word|wd|phrase)?|pwd|secret|client[-_]?secret|credentials?|jwt|sid",
    r"session(?:[-_]?id)?|sig(?:nature)?|hmac|hdne[at]s?|hdntl|key-pair-id|policy",
    r"x-(?:amz|goog)-(?:signature|credential|security-token)|awsaccesskeyid|googleaccessid",
)
_SECRET = rf"(?:{'|'.join(_NAMES)})"
_IS_SECRET = re.compile(_SECRET, re.IGNORECASE)
_NAMES_A_SECRET = re.compile(
    r"(?:_|^)(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS)(?:_|$)", re.I
)
_USER = re.compile(r"\b([a-z][a-z0-9+.-]{1,20}://)[^\s/?#\"'<>@]*(?:@[^\s/?#\"'<>@]*)*@", re.I)
_PARAMETER = re.compile(rf"([?&;]{_SECRET}=)[^\s&;#\"'<>)\]]+", re.IGNORECASE)


def public_url(url: str) -> str:
    """``url`` without user name, password and secret parameters; other text as it is.

    >>> public_url("https://me:pw@example.org/a.mp4?id=7&token=abc#t=3")
    'https://example.org/a.mp4?id=7#t=3'
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return redact(url)
    if not parts.netloc:
        return url
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(
        SplitResult(parts.scheme, host, parts.path, _public(parts.query), _public(parts.fragment))
    )


def has_secret(url: str) -> bool:
    """Whether an address holds something that ``public_url`` leaves out."""
    return public_url(url) != url


def redact(text: str, environment: Mapping[str, str] | None = None) -> str:
    """``text`` with the secrets in its addresses, and the keys of the environment, blotted out.

    Args:
        environment: where the keys are looked up; None: this process's.

    >>> redact("https://me:pw@example.org/a.mp4?id=7&sig=abc failed", {})
    'https://***@example.org/a.mp4?id=7&sig=*** failed'
    """
    values = os.environ if environment is None else environment
    text = without(text, (values.get(name, "") for name in KEYS))
    text = _USER.sub(rf"\1{HIDDEN}@", text)
    return _PARAMETER.sub(rf"\1{HIDDEN}", text)


def without_keys(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment without the keys and passwords in it, for programs that need none.

    >>> without_keys({"PATH": "/bin", "OPENAI_API_KEY": "sk-1", "DB_PASSWORD": "x"})
    {'PATH': '/bin'}
    """
    values = os.environ if environment is None else environment
    return {name: value for name, value in values.items() if not _NAMES_A_SECRET.search(name)}


_hidden: dict[str, str] = {}
_users = 0
_mutex = threading.Lock()


@contextlib.contextmanager
def keyless() -> Iterator[None]:
    """Within the block this process has no keys in its environment, and so none of the programs
    that a library starts gets one. Blocks may overlap; the last to end puts the keys back."""
    global _users
    with _mutex:
        _users += 1
        for name in os.environ.keys() - without_keys().keys():
            _hidden[name] = os.environ.pop(name)
    try:
        yield
    finally:
        with _mutex:
            _users -= 1
            if not _users:
                os.environ.update(_hidden)
                _hidden.clear()


def without(text: str, secrets: Iterable[str]) -> str:
    """``text`` with each of ``secrets`` blotted out, where it is long enough to be one."""
    for secret in secrets:
        if len(secret) >= _SHORTEST_KEY:
            text = text.replace(secret, HIDDEN)
    return text


def _public(query: str) -> str:
    """Parameters without the secret ones, the others byte for byte as they were."""
    pairs = re.split(r"([&;])", query)
    kept = [
        (pairs[n - 1] if n else "") + pair
        for n, pair in enumerate(pairs)
        if n % 2 == 0 and not ("=" in pair and _IS_SECRET.fullmatch(pair.partition("=")[0]))
    ]
    return "".join(kept).lstrip("&;")
