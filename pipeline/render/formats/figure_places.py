"""Which pictures of a printed chapter leave their place in the text, so that no page is half empty.

A picture stands where the text speaks of it. One that no longer fits there would leave the rest of
the page empty: where that is much, it goes to the head of the next page, and the text goes on in
its place (as LaTeX's "ht"). Each picture that moves changes what comes after it: the chapter is set
until none has to.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter

# What may stay empty at the foot of a page, of the 235 mm between the margins of A4: 47 mm. A
# picture with its caption takes about 75; those of the demo that do not fit leave up to 46.
_MOST_EMPTY = 0.2
# Each time, all pictures that leave a gap are moved.
_MOST_TIMES = 6
_PLACES = TypeAdapter(list[tuple[int, float, int, float]])


def set_figures(source: Path, data: Path) -> None:
    """Name the pictures that move in ``data`` (``floats``), as ``source`` reads them.

    Raises:
        typst.TypstError: the chapter cannot be set.
    """
    import typst

    told = json.loads(data.read_text(encoding="utf-8"))
    floats: set[int] = set()
    for _ in range(_MOST_TIMES):
        found = typst.query(source, "<figures>", field="value", one=True, root=source.parent)
        moving = moved(_PLACES.validate_json(found), floats)
        if moving == floats:
            return
        floats = moving
        told["floats"] = [f"figure-{number}" for number in sorted(floats)]
        data.write_text(json.dumps(told), encoding="utf-8")


def moved(places: Sequence[tuple[int, float, int, float]], floats: set[int]) -> set[int]:
    """The pictures (from 1) that have to leave their places: ``floats`` and those that now leave
    too much of a page empty, or would overtake one before them.

    Args:
        places: of each picture, the page of its place in the text and how much of that page is left
            there (0 to 1); the page that its caption is on, and how far down (pt).

    >>> moved([(1, 0.1, 2, 80.0), (2, 0.4, 3, 80.0), (2, 0.3, 2, 500.0)], set())
    {2, 3}
    """
    found = set(floats)
    last = (0, 0.0)
    for number, (page, left, own_page, down) in enumerate(places, start=1):
        if (own_page > page and left > _MOST_EMPTY) or (own_page, down) < last:
            found.add(number)
        last = max(last, (own_page, down))
    return found
