"""Which characters a document may hold: none that cannot be seen and none that turns its direction.

Control characters break files and terminals; embeddings, overrides and isolates of the writing
direction make a text or program look like another one (CVE-2021-42574, "Trojan Source"); other
invisible characters hide words from a reader. What a script needs stays in prose: joiners in words
and emoji, the zero-width space between Thai or Khmer words, direction marks.
"""

from __future__ import annotations

import regex

# Line breaks of other systems part words.
_BREAKS = regex.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# No file can hold half a surrogate pair; XML has no noncharacters.
_HALVES = regex.compile("[\ud800-\udfff]")
_NEVER = (
    r"\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u180e\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\ufdd0-\ufdef\ufffe\uffff"
    # Letters and vowels without a form, which an identifier may have; what Unicode keeps free for
    # more such characters; controls of shorthand and music.
    r"\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    r"\U000e0000-\U000e001f\U000e0080-\U000e00ff\U000e01f0-\U000e0fff"
)
# They choose a form of the character before, one for each; more of them hide a text, and in an
# identifier they make another name of it that looks the same.
_SELECTORS = r"\ufe00-\ufe0f\U000e0100-\U000e01ef"
_STRAY = rf"(?<![[^\x00-\x9f\s{_SELECTORS}]0-9#*])[{_SELECTORS}]"
_NO_EMOJI = (
    rf"(?<![[^\x00-\x9f\s\p{{XID_Continue}}]\u2139])(?!(?<=[0-9#*])\ufe0f\u20e3)[{_SELECTORS}]"
)
_TAGS = r"\U000e0020-\U000e007f"  # spell a region after a black flag; alone they hide text
_NO_FLAG = rf"(?<!\U0001f3f4[{_TAGS}]{{0,10}})[{_TAGS}]"
_IN_PROSE = regex.compile(
    rf"[{_NEVER}]|{_NO_FLAG}|{_STRAY}"
    r"|(?<![\p{L}\p{M}\p{So}\p{Sk}\ufe0f--[\x00-\u02ff]])[\u200c\u200d]"
    r"|(?<![\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}])\u200b",
    regex.VERSION1,
)
_IN_CODE = regex.compile(
    rf"[{_NEVER}\x0b\x0c\u034f\u061c\u180b-\u180d\u180f\u200b\u200e\u200f\u2028\u2029]"
    rf"|{_NO_FLAG}|{_NO_EMOJI}",
    regex.VERSION1,
)
_FORM_FEEDS = regex.compile(
    r"^\x0c+", regex.MULTILINE
)  # between functions, where Python skips them


def clean_prose(text: str) -> str:
    """``text`` without control, direction and other invisible characters; breaks become newlines.

    >>> clean_prose("a\\u202eb\\x00"), clean_prose("می\\u200cشود") == "می\\u200cشود"
    ('ab', True)
    """
    if text.isascii() and text.isprintable():
        return text  # most texts; the expressions below take longer than reading them
    return _IN_PROSE.sub("", _HALVES.sub("\ufffd", _BREAKS.sub("\n", text)))


def clean_code(text: str) -> str:
    r"""``text`` with such characters as escapes, which in a Python string mean the same.

    >>> clean_code("x = '\u202e'  # \x1b")
    "x = '\\u202e'  # \\x1b"
    """
    text = _FORM_FEEDS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _IN_CODE.sub(lambda found: _escape(found[0]), _HALVES.sub("\ufffd", text))


def _escape(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
