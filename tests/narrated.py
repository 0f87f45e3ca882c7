"""A small lecture made on the spot: three slides of 16 s, captions, chapters; no speech needed."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.timecode import vtt_time

SLIDES = (
    ("What a token is", "A token is a piece of text", "Models read tokens, not letters"),
    ("Counting pairs", "Look at neighbours", "The most frequent pair wins"),
    ("Merging", "One new token for each merge", "Repeat until it is enough"),
)
SENTENCES = (
    "Welcome to this very short lecture.",
    "A token is a piece of text, and a model reads nothing else.",
    "So before a model can read your letters, we have to cut them into tokens.",
    "I will show you how that is done in two steps.",
    "First we count the pairs of neighbours in the text.",
    "You can do that with one loop, because every pair is just two items side by side.",
    "The pair that stands there most often wins, and that is all there is to it.",
    "If two pairs are equally frequent, we take the first one.",
    "Then we merge that pair into one new token.",
    "We give it a number that is not used yet, and we write it wherever the pair stood.",
    "Now the text is shorter, and we can do the same again.",
    "We repeat this until we have as many tokens as we want.",
)
SLIDE_MS = 16_000
CUE_MS = 4_000


def draw_slides(folder: Path) -> list[Path]:
    """The slides as pictures of 640x360."""
    from PIL import Image, ImageDraw, ImageFont

    paths = []
    for number, (title, *bullets) in enumerate(SLIDES):
        picture = Image.new("RGB", (640, 360), "white")
        pen = ImageDraw.Draw(picture)
        pen.text((40, 30), title, "black", ImageFont.load_default(36))
        for line, bullet in enumerate(bullets):
            pen.text((60, 120 + 60 * line), bullet, "black", ImageFont.load_default(24))
        paths.append(folder / f"slide-{number}.png")
        picture.save(paths[-1])
    return paths


def write_sidecars(video: Path) -> None:
    """Captions and chapters beside the video."""
    cues = (
        f"{vtt_time(number * CUE_MS)} --> {vtt_time(number * CUE_MS + CUE_MS - 300)}\n{sentence}\n"
        for number, sentence in enumerate(SENTENCES)
    )
    video.with_suffix(".en.vtt").write_text("WEBVTT\n\n" + "\n".join(cues), encoding="utf-8")
    chapters = [
        {"title": title, "start_ms": number * SLIDE_MS, "end_ms": (number + 1) * SLIDE_MS}
        for number, (title, *_) in enumerate(SLIDES)
    ]
    told = {"title": "A very short lecture", "chapters": chapters}
    video.with_suffix(".chapters.json").write_text(json.dumps(told), encoding="utf-8")
