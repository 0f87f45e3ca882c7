"""All parsers under fuzz, by name."""

from tests.fuzz.target import Target
from tests.fuzz.targets import (
    captions,
    cells,
    lecture,
    markdown,
    names,
    page,
    replies,
    tokenizers,
)

# What an input is called in the table of faults, and the parsers that are given such.
KINDS: dict[str, tuple[Target, ...]] = {
    "hostile captions": (captions.TARGET,),
    "hostile arguments": names.TARGETS,
    "hostile Markdown": (*markdown.TARGETS, *page.TARGETS),
    "hostile cells": cells.TARGETS,
    "hostile replies": replies.TARGETS,
    "hostile tokenizer files, texts": tokenizers.TARGETS,
    "hostile lectures": (lecture.TARGET,),
}
TARGETS: dict[str, Target] = {
    target.name: target for targets in KINDS.values() for target in targets
}


def kind_of(target: Target) -> str:
    """What an input for ``target`` is called in the table of faults."""
    return next(kind for kind, targets in KINDS.items() if target in targets)
