"""The windows of drawn lectures: a notebook in a browser, a terminal, an editor, a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

from tests.drawn.canvas import DARK, LIGHT, advance, write_code, write_text
from tests.drawn.reel import Program

BROWSER = ("Safari", "Bookmarks", "Tabletop", "Trusted", "Kernel", "Widgets", "Calendar")
EDITOR = ("EXPLORER", "OUTLINE", "TIMELINE", "Prettier", "UTF-8")
TERMINAL = ("user@host",)
SHEET = ("AutoSave", "Formulas", "PivotTable", "Ribbon", "Accessibility")


def notebook(
    programs: Sequence[Program], top: int, size: tuple[int, int], pixels: int, dark: bool = False
) -> Image.Image:
    """A notebook scrolled so that its row ``top`` (pixels of the page) is under the tool bar."""
    colours = DARK if dark else LIGHT
    page = Image.new("RGB", (size[0], notebook_height(programs, pixels)), colours["ground"])
    pen = ImageDraw.Draw(page)
    line, y = round(pixels * 1.4), 20
    left = 150
    for number, program in enumerate(programs, start=1):
        height = line * len(program.lines) + 16
        box = (left, y, size[0] - 60, y + height)
        pen.rectangle(box, fill=colours["box"], outline=colours["edge"])
        prompt = f"[{number}]:"
        write_text(pen, (60, y + 8), prompt, pixels, "#5a7fb5", mono=True)
        for k, text in enumerate(program.lines):
            write_code(pen, (left + 12, y + 8 + k * line), text, pixels, dark)
        y += height + 8
        for text in program.output or ():
            write_text(pen, (left + 12, y), text, pixels, colours["ink"], mono=True)
            y += line
        y += 14
    window = Image.new("RGB", size, colours["ground"])
    head = 108
    window.paste(page.crop((0, top, size[0], top + size[1] - head)), (0, head))
    pen = ImageDraw.Draw(window)
    pen.rectangle((0, 0, size[0], head), fill=colours["box"], outline=colours["edge"])
    bar = "Safari   File   Edit   View   History   Bookmarks   Window   Help"
    write_text(pen, (20, 8), bar, 15, colours["ink"])
    write_text(
        pen, (40, 40), "Tabletop models - Wiki     Calendar     lesson.ipynb", 15, colours["ink"]
    )
    menu = "File   Edit   View   Insert   Cell   Kernel   Widgets   Help        Trusted"
    write_text(pen, (60, 76), menu, 15, colours["ink"])
    return window


def notebook_height(programs: Sequence[Program], pixels: int) -> int:
    """The height of the whole page, pixels."""
    line = round(pixels * 1.4)
    rows = sum(len(one.lines) + len(one.output or ()) for one in programs)
    return 400 + rows * line + 40 * len(programs)


def terminal(lines: Sequence[str], size: tuple[int, int], pixels: int) -> Image.Image:
    """The last lines of a terminal that fit; Python in it has no colours."""
    window = Image.new("RGB", size, "#101418")
    pen = ImageDraw.Draw(window)
    step = round(pixels * 1.35)
    room = (size[1] - 24) // step
    for k, line in enumerate(lines[-room:]):
        write_text(pen, (14, 12 + k * step), line, pixels, "#d0d4d8", mono=True)
    return window


def editor(
    lines: Sequence[str],
    first: int,
    files: Sequence[str],
    chosen: int,
    size: tuple[int, int],
    pixels: int,
    dark: bool = True,
) -> Image.Image:
    """An editor that shows ``lines`` from the ``first`` on, numbered, beside a list of files."""
    colours = DARK if dark else LIGHT
    window = Image.new("RGB", size, colours["ground"])
    pen = ImageDraw.Draw(window)
    side, step = 270, round(pixels * 1.4)
    pen.rectangle((0, 0, side, size[1]), fill=colours["box"])
    grey = "#bbbbbb" if dark else "#616161"
    write_text(pen, (20, 14), "EXPLORER", 14, grey)
    for k, name in enumerate(files):
        if k == chosen:
            pen.rectangle((0, 44 + 26 * k, side, 70 + 26 * k), fill=colours["edge"])
        write_text(pen, (34, 48 + 26 * k), name, 15, grey)
    write_text(pen, (20, size[1] - 90), "OUTLINE", 14, grey)
    write_text(pen, (20, size[1] - 62), "TIMELINE", 14, grey)
    write_text(pen, (side + 20, 10), files[chosen], 15, colours["ink"])
    pen.rectangle((side, 38, size[0], 39), fill=colours["edge"])
    room = editor_rows(size, pixels)
    gutter = side + 20
    text = gutter + round(4 * advance(pixels)) + 16
    for k, line in enumerate(lines[first : first + room]):
        y = 52 + k * step
        number = f"{first + k + 1:>3}"
        write_text(pen, (gutter, y), number, pixels, "#858585", mono=True)
        write_code(pen, (text, y), line, pixels, dark)
    pen.rectangle((0, size[1] - 26, size[0], size[1]), fill="#007acc")
    status = "main   0 errors      Ln 12, Col 8   Spaces: 4   UTF-8   LF   Python   Prettier"
    write_text(pen, (14, size[1] - 22), status, 13, "#ffffff")
    return window


def editor_rows(size: tuple[int, int], pixels: int) -> int:
    """How many lines the editor shows at once."""
    return (size[1] - 52 - 40) // round(pixels * 1.4)


def sheet(menu: Sequence[str], at: tuple[int, int], size: tuple[int, int]) -> Image.Image:
    """A spreadsheet of sales, with an open menu when ``menu`` has entries."""
    window = Image.new("RGB", size, "#ffffff")
    pen = ImageDraw.Draw(window)
    pen.rectangle((0, 0, size[0], 110), fill="#eef3ee")
    write_text(pen, (20, 10), "AutoSave   Book1   Ribbon", 15, "#224422")
    tabs = "File   Home   Insert   Formulas   Data   Review   View   Help"
    write_text(pen, (20, 42), tabs, 16, "#224422")
    write_text(
        pen, (20, 78), "PivotTable   Table   Pictures   Shapes   Accessibility", 14, "#224422"
    )
    rng = range(0, size[0], 130)
    for row in range(24):
        y = 130 + 26 * row
        pen.line((0, y, size[0], y), fill="#d0d0d0")
        for column, x in enumerate(rng):
            pen.line((x, 130, x, size[1]), fill="#d0d0d0")
            value = (row * 37 + column * 91) % 900 + 100
            write_text(pen, (x + 12, y + 5), str(value), 14, "#333333")
    if menu:
        x, y = at
        pen.rectangle((x, y, x + 330, y + 24 + 34 * len(menu)), fill="#fafafa", outline="#888888")
        for k, entry in enumerate(menu):
            write_text(pen, (x + 18, y + 14 + 34 * k), entry, 17, "#111111")
    return window
