"""The page's few icons, drawn here: 24 x 24 strokes in the colour of the text."""

from __future__ import annotations

from markupsafe import Markup

_PATHS = {
    "menu": "M4 7h16M4 12h16M4 17h16",
    "search": "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM20 20l-4.9-4.9",
    "theme": "M12 3.5a8.5 8.5 0 1 0 0 17ZM12 3.5a8.5 8.5 0 0 1 0 17",
    "video": "M4 6h16v12H4ZM10 9.2v5.6l4.8-2.8Z",
    "play": "M7 4.8v14.4L19 12Z",
    "clock": "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17ZM12 7.5V12l3.2 2",
    "book": "M12 6.5C9.8 5 7 4.6 4 5v13c3-.4 5.8 0 8 1.5M12 6.500C14.200 5 17 4.600 20 5v13"
    "c-3-.4-5.800 0-8 1.500ZM12 6.500v13",
    "code": "M8.500 7 3.500 12l5 5M15.500 7l5 5-5 5",
    "pen": "M5 19l1-4L16.500 4.500l3 3L9 18ZM14 7l3 3",
    "library": "M4 4h6v6H4ZM14 4h6v6h-6ZM4 14h6v6H4ZM14 14h6v6h-6Z",
    "file": "M12 4v11M7.500 11 12 15.500 16.500 11M5 19.500h14",
}


def icon(name: str) -> Markup:
    """The icon as inline SVG, hidden from screen readers (the text beside it speaks)."""
    return Markup(
        '<svg class="ico" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" '
        f'focusable="false"><path d="{_PATHS[name]}"/></svg>'
    )
