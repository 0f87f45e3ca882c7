"""A folder of short lectures, and a model that gives each its own title and glossary."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from pipeline.settings.config import Config, load_config
from tests.servers.chat import ChatServer, Incoming, Reaction, Reply, good_outline, good_writer

PARTS = ("zero", "one", "two", "three", "four", "five", "six")
# What the glossary of each part lists; all of it is said in every lecture.
TERMS: Mapping[str, tuple[str, ...]] = {"one": ("token",), "two": ("pair", "token"), "three": ()}
SETTINGS = ("screens.workers=1", "screens.ocr=false", "check.execute=false", "write.joints=false")


def lay_out(folder: Path, video: Path, first: int, last: int) -> Path:
    """Parts ``first`` to ``last`` of a course, each with its own title and captions; an earlier one
    sorts first."""
    folder.mkdir(exist_ok=True)
    told = json.loads(video.with_suffix(".chapters.json").read_text(encoding="utf-8"))
    for number in range(first, last + 1):
        copy = folder / f"lecture-{number}.mp4"
        # What follows the last box of an mp4 is not played: the same lecture as another file.
        copy.write_bytes(video.read_bytes() + b"\0\0\0\x09free" + bytes([number]))
        shutil.copy(video.with_suffix(".en.vtt"), copy.with_suffix(".en.vtt"))
        own = json.dumps({**told, "title": f"A very short lecture, part {PARTS[number]}"})
        copy.with_suffix(".chapters.json").write_text(own, encoding="utf-8")
    return folder


def good_teacher(incoming: Incoming) -> Reaction:
    """What a capable model replies, with a title and a glossary for each part."""
    if incoming.task != "outline":
        return good_writer(incoming)
    name = PARTS[part(incoming)]
    glossary = [{"term": term, "heard_as": []} for term in TERMS.get(name, ())]
    plan = {**good_outline(incoming), "title": f"Chapter of part {name}", "glossary": glossary}
    return Reply(json.dumps(plan))


def part(incoming: Incoming) -> int:
    """Which part of the course the question is about."""
    found = re.findall(r"^(?:title: .*|# Chapter of )part (\w+)$", incoming.text, re.MULTILINE)
    return PARTS.index(found[-1])


def prompts_for(server: ChatServer, number: int) -> list[str]:
    """The questions by which a part was written."""
    asked = [one for one in server.requests if one.task == "chunk"]
    return [one.text for one in asked if part(one) == number]


def settings_for(server: ChatServer) -> tuple[str, ...]:
    """The settings of a book that the scripted model writes."""
    return (*SETTINGS, f"llm.base_url={server.base_url}", "llm.model=scripted", "llm.vision=false")


def model_config(server: ChatServer, *more: str) -> Config:
    """The same as a configuration."""
    return load_config(Path("/dev/null"), [*settings_for(server), *more], {})
