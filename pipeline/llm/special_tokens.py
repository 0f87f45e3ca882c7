"""Strings such as ``<|endoftext|>`` that a language model's server may take for its own controls.

They are written differently on the way to the model and turned back on the way out. The two ways
are exact opposites for every text (a text that already holds the disguise is disguised once more),
so nothing is lost or invented. The disguise keeps the name readable: ``<|endoftext|>`` becomes
``<¦endoftext¦>``, which no tokenizer treats specially and any model can copy.
"""

from __future__ import annotations

import re

_BAR = "¦"
_DOT = "·"
# Control words without bars, of Llama, Mistral, Gemma, StarCoder, T5 and their kin.
_BARE = (
    r"/?s|pad|unk|bos|eos|mask|cls|sep|start_of_turn|end_of_turn|fim_prefix|fim_middle|fim_suffix"
    r"|fim_pad|endoftext|PRE|SUF|MID|EOT|tool_call|/tool_call|extra_id_\d+"
)
_PIPED = re.compile(rf"<\|([^|<>{_BAR}\n]{{1,80}})\|>")
_PIPED_HIDDEN = re.compile(rf"<({_BAR}+)([^|<>{_BAR}\n]{{1,80}})({_BAR}+)>")
_NAMED = re.compile(rf"<({_DOT}*)({_BARE})({_DOT}*)>")
_INSTRUCTION = re.compile(rf"\[({_DOT}*)(/?INST)({_DOT}*)\]")


def escape(text: str) -> str:
    """``text`` with every special token disguised.

    >>> escape("ends with <|endoftext|> or </s>")
    'ends with <¦endoftext¦> or <·/s·>'
    """
    text = _PIPED_HIDDEN.sub(lambda found: _piped(found, +1), text)
    text = _PIPED.sub(rf"<{_BAR}\1{_BAR}>", text)
    text = _NAMED.sub(lambda found: _dotted(found, +1, "<>"), text)
    return _INSTRUCTION.sub(lambda found: _dotted(found, +1, "[]"), text)


def restore(text: str) -> str:
    """The text that ``escape`` was given; a token that was never disguised stays as it is.

    >>> restore(escape("<|im_start|>, twice hidden <¦x¦>, [INST]"))
    '<|im_start|>, twice hidden <¦x¦>, [INST]'
    """
    text = _INSTRUCTION.sub(lambda found: _dotted(found, -1, "[]"), text)
    text = _NAMED.sub(lambda found: _dotted(found, -1, "<>"), text)
    return _PIPED_HIDDEN.sub(lambda found: _piped(found, -1), text)


def _piped(found: re.Match[str], step: int) -> str:
    """One bar more or fewer on each side; an uneven pair is ordinary text."""
    before, name, after = found.groups()
    if len(before) != len(after):
        return found.group()
    bars = len(before) + step
    return f"<|{name}|>" if bars == 0 else f"<{_BAR * bars}{name}{_BAR * bars}>"


def _dotted(found: re.Match[str], step: int, brackets: str) -> str:
    before, name, after = found.groups()
    if len(before) != len(after) or len(before) + step < 0:
        return found.group()
    dots = _DOT * (len(before) + step)
    return f"{brackets[0]}{dots}{name}{dots}{brackets[1]}"
