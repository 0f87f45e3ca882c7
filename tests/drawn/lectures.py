"""The drawn lectures: each stands for a kind of screen that lectures have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from tests.drawn.canvas import photograph, write_text
from tests.drawn.library import LEARNT, UNSEEN
from tests.drawn.programs import EDITED, FIB, NOTEBOOK
from tests.drawn.reel import Drawn, Program, Reel, drawn, truth
from tests.drawn.windows import (
    BROWSER,
    EDITOR,
    SHEET,
    TERMINAL,
    editor,
    editor_rows,
    notebook,
    notebook_height,
    sheet,
    terminal,
)

FULL_HD, HD = (1920, 1080), (1280, 720)
Make = Callable[[Reel], Drawn]


def scrolled_notebook(
    size: tuple[int, int], pixels: int, dark: bool = False, programs: Sequence[Program] = NOTEBOOK
) -> Make:
    """Cells with their outputs, read from top to bottom in steps of two thirds of the view."""

    def make(reel: Reel) -> Drawn:
        view = size[1] - 108
        end = notebook_height(programs, pixels) - view
        tops = [*range(0, end, view * 2 // 3), end] if end > 0 else [0]
        for k, top in enumerate(tops):
            for way in range(1, 4) if k else ():
                between = tops[k - 1] + (top - tops[k - 1]) * way // 4
                reel.show(notebook(programs, between, size, pixels, dark), 0.2, f"view {k}")
            reel.show(notebook(programs, top, size, pixels, dark), 9, f"view {k}")
        return truth(programs, chrome=BROWSER)

    return make


def typed_notebook(size: tuple[int, int], pixels: int) -> Make:
    """Cells typed line by line under each other, then run; the page scrolls along."""

    def make(reel: Reel) -> Drawn:
        shown = NOTEBOOK[:2]
        grown: list[Program] = []
        for program in shown:
            for count in range(2, len(program.lines) + 1, 2):
                reel.show(
                    notebook([*grown, Program(program.lines[:count])], 0, size, pixels), 2, "page"
                )
            grown.append(program)
            reel.show(notebook(grown, 0, size, pixels), 5, "page")
        return truth(shown, chrome=BROWSER)

    return make


def shell(size: tuple[int, int], pixels: int) -> Make:
    """A session in a terminal: status, a program printed, the program run."""
    prompt = "user@host:~/demo$ "
    status = ["On branch main", "Untracked files:", "        fib.py", "        notes.txt", ""]
    listing = ["-rw-r--r-- 1 user user  301 fib.py", "-rw-r--r-- 1 user user   12 notes.txt"]

    def make(reel: Reel) -> Drawn:
        lines = [f"{prompt}git status", *status, f"{prompt}ls -l", *listing]
        reel.show(terminal([*lines, prompt], size, pixels), 6, "status")
        lines += [f"{prompt}cat fib.py", *FIB.lines]
        reel.show(terminal([*lines, prompt], size, pixels), 12, "program")
        lines += [f"{prompt}python fib.py", *(FIB.output or ())]
        reel.show(terminal([*lines, prompt], size, pixels), 8, "program")
        lines += [f"{prompt}git add fib.py", f"{prompt}git commit -m 'Add fib'"]
        lines += ["[main 1f3a9c2] Add fib", " 1 file changed, 16 insertions(+)"]
        reel.show(terminal([*lines, prompt], size, pixels), 6, "program")
        return truth([FIB], chrome=TERMINAL)

    return make


def edited(size: tuple[int, int], pixels: int) -> Make:
    """A file that is typed, longer than its pane, while the list of files changes."""
    files = ("app.py", "settings.json", "notes.md", "test_app.py", "README.md", "setup.cfg")

    def make(reel: Reel) -> Drawn:
        rows, lines = editor_rows(size, pixels), EDITED.lines
        for count in range(4, len(lines) + 1, 3):
            over = max(0, count - rows + 2)
            first = -(-over // (rows // 2)) * (rows // 2)
            listed = files[: 3 + count // 10]
            picture = editor(lines[:count], first, listed, 0, size, pixels)
            reel.show(picture, 1.5, "scrolled" if first else "top")
        first = max(0, len(lines) - rows + 2)
        picture = editor(lines, first, files, 0, size, pixels)
        reel.show(picture, 8, "scrolled" if first else "top")
        return truth([EDITED], chrome=EDITOR)

    return make


def scrolled_editor(
    size: tuple[int, int], pixels: int, programs: Sequence[Program], dark: bool
) -> Make:
    """Files that lie there finished, each read from top to bottom in steps of two thirds."""

    def make(reel: Reel) -> Drawn:
        rows = editor_rows(size, pixels)
        files = [f"part{number}.py" for number in range(1, len(programs) + 1)]
        for number, program in enumerate(programs):
            end = max(0, len(program.lines) - rows)
            for first in (*range(0, end, rows * 2 // 3), end):
                picture = editor(program.lines, first, files, number, size, pixels, dark)
                reel.show(picture, 9, f"{files[number]} {first}")
        return truth(programs, chrome=EDITOR)

    return make


def printed_files(size: tuple[int, int], pixels: int, programs: Sequence[Program]) -> Make:
    """Files that a shell prints, one after another; each fits on the screen."""
    prompt = "user@host:~/demo$ "

    def make(reel: Reel) -> Drawn:
        lines: list[str] = []
        for number, program in enumerate(programs, start=1):
            lines += [f"{prompt}cat part{number}.py", *program.lines]
            reel.show(terminal([*lines, prompt], size, pixels), 10, f"part {number}")
        return truth(programs, chrome=TERMINAL)

    return make


def _slide(
    size: tuple[int, int], title: str, bullets: Sequence[str], photo: Image.Image | None = None
) -> Image.Image:
    unit = size[1] / 720
    picture = Image.new("RGB", size, "#fcfbf8")
    pen = ImageDraw.Draw(picture)
    if photo is not None:
        picture.paste(photo, (round(560 * unit), round(150 * unit)))
    at = (round(70 * unit), round(50 * unit))
    write_text(pen, at, title, round(46 * unit), "#14213d", bold=True)
    for k, bullet in enumerate(bullets):
        at = (round(76 * unit), round((180 + 74 * k) * unit))
        write_text(pen, at, bullet, round(26 * unit), "#22272e")
    return picture


TALK = (
    ("Agenda", ("Goal", "Water samples", "Results", "Questions")),
    ("Goal of the study", ("Which rivers are safe?", "Ten years of samples")),
    ("Popularity of sites", ("Lake Tarn leads", "Visitors per year")),
    ("Sentiment over time", ("Reviews turned sour", "Better since 2019")),
    ("Revenue by region", ("North: 41 percent", "South: 22 percent")),
    ("What to do next", ("Sample twice a year", "Publish the data")),
    ("Thank You", ("Questions?",)),
)


def talk(size: tuple[int, int], photos: bool) -> Make:
    """A short talk of titled slides; with ``photos`` each has a picture from a camera."""

    def make(reel: Reel) -> Drawn:
        titles = []
        for k, (title, bullets) in enumerate(TALK):
            small = (round(size[1] / 720 * 640), round(size[1] / 720 * 460))
            photo = photograph(*small, seed=k) if photos else None
            if title not in ("Agenda", "Thank You"):
                titles.append((reel.duration_ms, title))
            reel.show(_slide(size, title, bullets, photo), 16, title)
        return truth(titles=titles)

    return make


def photo_slides(size: tuple[int, int]) -> Make:
    """Photographs over the whole slide, with a title on a band below."""
    names = (
        "Glaciers of the Pamir mountains",
        "The delta seen from above",
        "A field after the storm",
    )

    def make(reel: Reel) -> Drawn:
        titles = []
        for k, name in enumerate(names):
            picture = photograph(*size, seed=40 + k)
            pen = ImageDraw.Draw(picture)
            pen.rectangle((0, size[1] - 130, size[0], size[1]), fill="#101010")
            write_text(pen, (60, size[1] - 100), name, 46, "#ffffff", bold=True)
            titles.append((reel.duration_ms, name))
            reel.show(picture, 16, name)
        return truth(titles=titles)

    return make


def menus(size: tuple[int, int]) -> Make:
    """A spreadsheet whose menus open for some seconds."""

    def make(reel: Reel) -> Drawn:
        reel.show(sheet((), (0, 0), size), 10, "sheet")
        insert = ("Insert pivot table", "Recommended charts", "Slicer", "Sparkline", "Text box")
        reel.show(sheet(insert, (230, 64), size), 6, "insert menu")
        reel.show(sheet((), (0, 0), size), 8, "sheet")
        filters = ("Sort smallest to largest", "Sort largest to smallest", "Clear filter", "Apply")
        reel.show(sheet(filters, (540, 250), size), 6, "filter menu")
        reel.show(sheet((), (0, 0), size), 6, "sheet")
        return truth(chrome=SHEET)

    return make


def twins(size: tuple[int, int]) -> Make:
    """Slides that differ in their number only."""

    def make(reel: Reel) -> Drawn:
        titles = []
        for k in range(3, 7):
            title = f"Part {k} of 24"
            titles.append((reel.duration_ms, title))
            reel.show(
                _slide(size, title, ("A short history of tools", "by the same author")), 16, title
            )
        return truth(titles=titles)

    return make


def lectures(folder: Path, only: str = "") -> Iterator[Drawn]:
    """Those whose name contains ``only``, drawn into ``folder`` where they do not lie there yet."""
    talks = talk(HD, photos=False)
    kinds: dict[str, Make] = {
        "notebook-1080p-16px": scrolled_notebook(FULL_HD, 16),
        "notebook-720p-16px": scrolled_notebook(HD, 16),
        "notebook-typed-1080p-16px": typed_notebook(FULL_HD, 16),
        "notebook-dark-1080p-16px": scrolled_notebook(FULL_HD, 16, dark=True),
        "notebook-1080p-12px": scrolled_notebook(FULL_HD, 12),
        "terminal-1080p-16px": shell(FULL_HD, 16),
        "terminal-720p-16px": shell(HD, 16),
        "editor-1080p-16px": edited(FULL_HD, 16),
        "editor-720p-16px": edited(HD, 16),
        "library-editor-json": scrolled_editor(FULL_HD, 16, LEARNT["json"], dark=True),
        "library-editor-textwrap": scrolled_editor(FULL_HD, 16, LEARNT["textwrap"], dark=False),
        "library-terminal-bisect": printed_files(FULL_HD, 16, LEARNT["bisect"]),
        "library-notebook-statistics": scrolled_notebook(
            FULL_HD, 16, programs=LEARNT["statistics"]
        ),
        "library-editor-heapq": scrolled_editor(FULL_HD, 16, LEARNT["heapq"], dark=False),
        "library-editor-graphlib": scrolled_editor(FULL_HD, 16, LEARNT["graphlib"], dark=True),
        "library-editor-fractions": scrolled_editor(FULL_HD, 16, LEARNT["fractions"], dark=True),
        "unseen-editor-sched": scrolled_editor(FULL_HD, 16, UNSEEN["sched"], dark=False),
        "library-editor-calendar": scrolled_editor(FULL_HD, 16, LEARNT["calendar"], dark=True),
        "library-editor-csv": scrolled_editor(FULL_HD, 16, LEARNT["csv"], dark=True),
        "library-terminal-shlex": printed_files(FULL_HD, 16, LEARNT["shlex"]),
        "unseen-editor-queue": scrolled_editor(FULL_HD, 16, UNSEEN["queue"], dark=True),
        "unseen-terminal-functools": printed_files(FULL_HD, 16, UNSEEN["functools"]),
        "unseen-notebook-heapq": scrolled_notebook(
            FULL_HD, 16, dark=True, programs=UNSEEN["heapq-cells"]
        ),
        "talk-720p": talks,
        "talk-photos-720p": talk(HD, photos=True),
        "photographs-720p": photo_slides(HD),
        "menus-720p": menus(HD),
        "twins-720p": twins(HD),
        "talk-hlg-720p": talks,
        "talk-pq-720p": talks,
    }
    for name, make in kinds.items():
        if only in name:
            transfer = next((one for one in ("hlg", "pq") if f"-{one}-" in name), "")
            # Key frames so far apart that a flat slide may come and go between two of them.
            yield drawn(folder, name, make, key_s=8 if make is talks else 5, transfer=transfer)
