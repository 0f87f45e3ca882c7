"""Screens drawn with the text that OCR would read on them, and the part of them that is content."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

from PIL import Image, ImageDraw

from pipeline.models import Box, ScreenLine
from tests.drawn.canvas import font, photograph


@dataclass
class Board:
    """A picture that is drawn on; ``lines`` are what is written, ``content`` what has to stay
    whole: the smallest box around everything that was drawn as content."""

    size: tuple[int, int]
    ground: str
    picture: Image.Image = field(init=False)
    lines: list[ScreenLine] = field(default_factory=list)
    content: Box | None = None

    def __post_init__(self) -> None:
        self.picture = Image.new("RGB", self.size, self.ground)

    @property
    def pen(self) -> ImageDraw.ImageDraw:
        return ImageDraw.Draw(self.picture)

    def bar(
        self, top: int, bottom: int, fill: str, left: int = 0, right: int | None = None
    ) -> None:
        """A part of the window with a ground of its own."""
        right = self.size[0] if right is None else right
        self.pen.rectangle((left, top, right - 1, bottom - 1), fill=fill)

    def write(
        self,
        x: int,
        y: int,
        text: str,
        pixels: int = 18,
        fill: str = "#222222",
        *,
        own: bool = True,
    ) -> None:
        """One line of text; it is content if it is the lecture's ``own``."""
        face = font(pixels, mono=False)
        left, top, right, bottom = (round(side) for side in self.pen.textbbox((x, y), text, face))
        self.pen.text((x, y), text, font=face, fill=fill)
        box = Box(x=left, y=top, width=right - left, height=bottom - top)
        self.lines.append(ScreenLine(text=text, box=box, confidence=0.99))
        if own:
            self.keep(box)

    def draw(self, box: tuple[int, int, int, int], fill: str) -> None:
        """Something drawn that is content: left, top, right, bottom."""
        self.pen.rectangle(box, outline=fill, width=3)
        left, top, right, bottom = box
        self.keep(Box(x=left, y=top, width=right - left + 1, height=bottom - top + 1))

    def paste(self, part: Image.Image, x: int, y: int, *, own: bool) -> None:
        self.picture.paste(part, (x, y))
        if own:
            self.keep(Box(x=x, y=y, width=part.width, height=part.height))

    def keep(self, box: Box) -> None:
        one = self.content or box
        left, top = min(one.x, box.x), min(one.y, box.y)
        right = max(one.x + one.width, box.x + box.width)
        bottom = max(one.y + one.height, box.y + box.height)
        self.content = Box(x=left, y=top, width=right - left, height=bottom - top)

    def seen(self, quality: int = 60) -> Image.Image:
        """The picture as a poor encoding leaves it."""
        buffer = io.BytesIO()
        self.picture.save(buffer, "JPEG", quality=quality)
        return Image.open(buffer).convert("RGB")


PARAGRAPHS = (
    "A river carries its load in three ways: dissolved, suspended, and along its bed.",
    "What it can carry grows with the third power of its speed, so floods do the work.",
    "Where the slope ends, the load is dropped: coarse gravel first, then sand and silt.",
    "The delta grows until the current is too slow to move even the finest clay.",
)


def browser(dark: bool = False, width: int = 1280, height: int = 720) -> Board:
    """A page in a browser with tabs, address and bookmarks; text in a column in the middle."""
    ground, bar, ink = (
        ("#1b1b1f", "#303134", "#dddddd") if dark else ("#ffffff", "#eceff1", "#222222")
    )
    board = Board((width, height), ground)
    board.bar(0, 104, bar)
    board.bar(4, 36, ground, 160, 420)
    board.write(180, 10, "Rivers and their load", 16, ink, own=False)
    board.write(460, 10, "Timetable of trains", 16, ink, own=False)
    board.write(150, 46, "https://rivers.example.org/load", 17, ink, own=False)
    board.write(40, 78, "Mail", 14, ink, own=False)
    board.write(120, 78, "Maps of the region", 14, ink, own=False)
    left = width // 2 - 350
    board.write(left, 150, "How rivers carry stones", 34, ink)
    for k, text in enumerate(PARAGRAPHS):
        board.write(left, 220 + 44 * k, text, 17, ink)
    board.draw((left, 420, left + 420, 600), "#8a5a2b")
    return board


def editor(width: int = 1600, height: int = 900) -> Board:
    """An editor with menus, a list of files and a status bar, on dark ground."""
    board = Board((width, height), "#1e1e1e")
    board.bar(0, 34, "#3c3c3c")
    for k, menu in enumerate(("File", "Edit", "Selection", "View", "Go", "Run", "Terminal")):
        board.write(12 + 90 * k, 8, menu, 15, "#cccccc", own=False)
    board.bar(34, height - 26, "#252526", 0, 290)
    board.write(20, 48, "EXPLORER", 14, "#bbbbbb", own=False)
    for k, name in enumerate(("river.py", "stones.py", "notes.md", "settings.json")):
        board.write(34, 84 + 26 * k, name, 15, "#cccccc", own=False)
    board.write(20, height - 90, "OUTLINE", 14, "#bbbbbb", own=False)
    board.bar(height - 26, height, "#007acc")
    board.write(
        14, height - 22, "main   Ln 12, Col 8   Spaces: 4   UTF-8", 13, "#ffffff", own=False
    )
    for k in range(20):
        board.write(
            330,
            70 + 36 * k,
            f"speed[{k}] = slope[{k}] * gravity / friction_of(bed, {k})",
            17,
            "#d4d4d4",
        )
    return board


def slide(width: int = 1280, height: int = 720, ground: str = "#fbfaf6") -> Board:
    """A slide whose text leaves wide margins."""
    board = Board((width, height), ground)
    unit = height / 720
    board.write(round(220 * unit), round(150 * unit), "What rivers carry", round(40 * unit))
    for k, text in enumerate(("Dissolved salts", "Suspended silt", "Stones along the bed")):
        board.write(round(240 * unit), round((260 + 60 * k) * unit), text, round(26 * unit))
    return board


def webcam(board: Board, left: int, top: int, width: int = 260, height: int = 150) -> Box:
    """The lecturer's picture, laid over the board; its place."""
    board.paste(photograph(width, height, seed=7), left, top, own=False)
    return Box(x=left, y=top, width=width, height=height)
