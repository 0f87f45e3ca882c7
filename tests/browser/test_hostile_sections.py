"""Five hundred hostile sections in a real browser, without the page's policy to stop them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.conftest import Watched
from tests.fuzz.attacks import hostile_sections
from tests.fuzz.targets.page import section

if TYPE_CHECKING:
    from playwright.sync_api import Dialog

_EVENTS = """() => {
  for (const element of document.querySelectorAll('body *'))
    for (const name of ['load', 'error', 'click', 'focus', 'mouseover', 'toggle', 'animationend'])
      if (!(name === 'click' && element.tagName === 'A'))
        element.dispatchEvent(new Event(name, {bubbles: true}));
  return document.querySelectorAll('section').length;
}"""


def test_nothing_runs_and_nothing_is_asked_for(
    open_page: Callable[..., Watched], tmp_path: Path
) -> None:
    sections = [section(markdown).html for markdown in hostile_sections()]
    page = tmp_path / "hostile.html"
    body = "\n".join(f"<section>{html}</section>" for html in sections)
    page.write_text(f"<!DOCTYPE html><meta charset=utf-8><body>{body}</body>", encoding="utf-8")
    watched = open_page("about:blank")
    dialogs: list[str] = []

    def close(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    watched.page.on("dialog", close)
    watched.page.add_init_script("window.ran = []; window.alert = x => window.ran.push(x)")
    watched.page.goto(page.as_uri())
    assert watched.page.evaluate(_EVENTS) == len(sections)
    assert watched.page.evaluate("window.ran") == []
    assert watched.page.evaluate("document.scripts.length") == 0
    assert not dialogs
    assert [url for url in watched.requests if url not in ("about:blank", page.as_uri())] == []
