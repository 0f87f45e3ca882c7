"""The wall: whatever is in a chapter's text, only these tags and attributes reach the page."""

from __future__ import annotations

from pipeline.render.html.formulas import MATH_ATTRIBUTES, MATH_TAGS

_TEXT_TAGS = frozenset({
    "p", "div", "span", "a", "em", "strong", "code", "pre", "kbd", "samp", "sub", "sup", "br",
    "hr", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "table",
    "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "img", "details", "summary",
    "del", "abbr",
})  # fmt: skip
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class", "id", "role", "aria-label"},
    "a": {"href", "title"},
    "img": {
        "src", "srcset", "sizes", "alt", "width", "height", "loading", "decoding", "fetchpriority"
    },
    "ol": {"start"},
    "pre": {"tabindex"},
    "div": {"tabindex"},
    "code": {"translate"},
    "blockquote": {"cite"},
    "abbr": {"title"},
    "th": {"align"},
    "td": {"align"},
}  # fmt: skip


def sanitise(html: str) -> str:
    """``html`` without scripts, handlers, styles, foreign schemes and unknown elements."""
    import nh3

    return nh3.clean(
        html,
        tags=set(_TEXT_TAGS | MATH_TAGS),
        attributes=_ATTRIBUTES | {tag: set(MATH_ATTRIBUTES) for tag in MATH_TAGS},
        generic_attribute_prefixes={"data-"},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
