"""CommonMark's lists as python-markdown reads them: four spaces a level, a blank line before."""

from __future__ import annotations

import re

_ITEM = re.compile(r"^( *)([-*+]|\d{1,9}[.)])( +)(?=\S)(.*)$")
_ADMONITION = re.compile(r"!!! \w")
_HEADING = re.compile(r"#{1,6}\s")
_RULE = re.compile(r"^ *([-*_])( *\1){2,} *$")


def regular_lists(markdown: str) -> str:
    """``markdown`` with its list items and what belongs to them indented by four spaces a level.

    Models and people indent by two or three, and put no blank line before a list or table.
    """
    out: list[str] = []
    levels: list[int] = []  # the column at which the text of each open item or note starts
    for line in markdown.split("\n"):
        if not line.strip():
            out.append("")
            continue
        indent = len(line) - len(line.lstrip(" "))
        item = None if _RULE.match(line) else _ITEM.match(line)
        after_blank = not out or not out[-1]
        if item or after_blank:
            while levels and indent < levels[-1]:
                levels.pop()
        margin = "    " * len(levels)
        if item:
            if not levels and not after_blank and not _ITEM.match(out[-1]):
                out.append("")
            marker = item[2].replace(")", ".")
            out.append(f"{margin}{marker} {item[4]}")
            levels.append(indent + len(item[2]) + min(len(item[3]), 4))
        else:
            text = line.strip() if levels else line.lstrip(" ") if indent < 4 else line.strip()
            if text.startswith("|") and out and out[-1] and not out[-1].lstrip().startswith("|"):
                out.append("")
            if _ADMONITION.match(text):
                levels.append(indent + 4)
            # Two spaces at the end are a line break: keep them.
            out.append(margin + text + ("  " if line.endswith("  ") and levels else ""))
            # The parser takes up the rest of a paragraph anew for each heading in it.
            if not levels and _HEADING.match(text):
                out[-1:] = [text, ""] if after_blank else ["", text, ""]
    return "\n".join(out)
