"""The chapter's HTML page, from the template."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.render.about import about
from pipeline.render.chapter import ChapterPage
from pipeline.render.formats.program import listing
from pipeline.render.html.icons import icon
from pipeline.render.html.section_height import lines_of
from pipeline.render.html.typography import typographic
from pipeline.render.html.whole_words import keep_whole
from pipeline.render.schema_org import description, structured_data
from pipeline.render.security_policy import linked_policy

SCRIPT_WORDS = (
    "close", "copied", "copy", "copy_code", "link_copied", "load_player", "load_player_note",
    "follow", "video_missing", "player", "search", "search_placeholder",
    "search_all", "search_none", "search_hint", "search_failed", "results", "theme", "theme_auto",
    "theme_light", "theme_dark", "link_here", "previous", "next", "enlarge",
    "contents", "captions", "speed", "back_seconds", "move_player", "resumed", "previous_section",
    "next_section", "search_similar", "found_title", "found_heading", "found_caption",
    "found_screen", "subheadings", "read_part", "print_shortened",
    "run", "run_above", "run_above_all", "edit", "edit_code", "restore", "stop", "stopped",
    "ask", "asking", "ask_silent", "ask_note", "ask_cost",
    "correct", "correct_here", "correct_everywhere", "correct_as", "corrected", "cancel",
    "your_run", "python_done", "python_loading", "python_running", "python_failed",
)  # fmt: skip


@dataclass(frozen=True)
class FileLink:
    """A file offered at the foot of the page."""

    href: str
    label: str
    download: bool = True


@dataclass(frozen=True)
class Inline:
    """Styles and scripts for the page itself: for its head, for its end, and their policy."""

    head: Markup
    body: Markup
    policy: str


@dataclass(frozen=True)
class SectionHtml:
    """A section with its finished HTML; ``lines`` is about how high it is (``lines_of``)."""

    number: int
    anchor: str
    section: object
    html: Markup
    lines: int


@cache
def environment() -> Environment:
    """The templates; everything is escaped unless it is marked as HTML."""
    made = Environment(
        loader=PackageLoader("pipeline.render"), autoescape=True, undefined=StrictUndefined
    )
    made.globals["icon"] = icon
    made.filters["typographic"] = typographic
    return made


LINKED_ASSETS = Markup(
    '<link rel="icon" href="assets/icon.svg" type="image/svg+xml">\n'
    '<script src="assets/theme.js"></script>\n'
    '<link rel="stylesheet" href="assets/chapter.css">\n'
    '<script src="assets/chapter.js" defer></script>'
)


def chapter_html(
    chapter: ChapterPage,
    files: tuple[FileLink, ...] = (),
    inline: Inline | None = None,
) -> str:
    """The whole page as a string; with ``inline`` it needs no assets beside it."""
    cover = next(iter(chapter.pictures.values()), None)
    code = listing(chapter)
    return keep_whole(
        environment()
        .get_template("chapter.html.j2")
        .render(
            chapter=_Printable(chapter),
            title=chapter.sources.article.title,
            description=description(chapter),
            structured=Markup(structured_data(chapter)),
            about=about(chapter),
            cover=cover,
            csp=inline.policy if inline else linked_policy(),
            assets_head=inline.head if inline else LINKED_ASSETS,
            assets_body=inline.body if inline else "",
            home="" if inline else "../../",
            files=files,
            # Made of escaped text alone (pipeline.render.html.highlight).
            code=Markup(chapter.pieces.program(code)) if code else "",
            code_file=next((one.href for one in files if one.href.endswith(".py")), ""),
            script_words=SCRIPT_WORDS,
            time_link=lambda ms: Markup(chapter.pieces.time_link(ms, "time")),
            w=chapter.words,
        )
    )


class _Printable:
    """A chapter whose sections carry their HTML as markup, for the template."""

    def __init__(self, chapter: ChapterPage) -> None:
        self.sources = chapter.sources
        self.language = chapter.language
        self.direction = chapter.direction
        self.player_file = chapter.player_file
        self.player_embed = chapter.player_embed
        # The HTML comes from the sanitiser (pipeline.render.html.sanitise).
        self.sections = [
            SectionHtml(
                page.number,
                page.anchor,
                page.section,
                Markup(page.prose.html),
                lines_of(page.section.blocks),
            )
            for page in chapter.sections
        ]
