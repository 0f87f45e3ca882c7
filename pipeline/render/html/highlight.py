"""Source code as HTML with Pygments' class names; the colours of both themes are in the CSS."""

from __future__ import annotations

from html import escape

_ALIASES = {"py": "python", "python3": "python", "ipython": "python", "sh": "bash", "": "text"}


def highlight(source: str, language: str) -> str:
    """``source`` as spans, without an enclosing element; plain escaped text for unknown languages.

    >>> highlight("x", "no such language")
    'x'
    """
    from pygments import highlight as run_pygments
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    name = _ALIASES.get(language.lower(), language.lower())
    if name in ("text", "plain", "console-output"):
        return escape(source, quote=False)
    try:
        lexer = get_lexer_by_name(name, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return escape(source, quote=False)
    return run_pygments(source, lexer, HtmlFormatter(nowrap=True)).rstrip("\n")
