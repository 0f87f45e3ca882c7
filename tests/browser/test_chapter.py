"""The chapter in a real browser: reading, playing, finding, with and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Served, Watched, until

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., Watched]


def test_a_time_link_plays_the_local_video_at_its_second(open_page: Open, served: Served) -> None:
    page = open_page(f"{served.address}/sample/").page
    page.click("#s0004 .at .time")
    until(page, "document.querySelector('.player video')?.currentTime > 0.1")
    video = page.locator(".player video")
    start = int(page.get_attribute("#s0004", "data-s") or 0) / 1000
    assert abs(video.evaluate("video => video.currentTime") - start) < 5
    assert video.evaluate("video => video.seekable.end(0)") > 200


def test_the_passage_being_spoken_is_marked(open_page: Open, sample_page: Path) -> None:
    page = open_page(sample_page).page
    page.click("#s0006 .at .time")
    page.wait_for_selector("#s0006.spoken")
    page.evaluate("document.querySelector('.player video').currentTime = 2")
    page.wait_for_selector("#s0001.spoken")
    assert page.locator(".spoken").count() == 1


def test_following_keeps_the_spoken_passage_in_view(open_page: Open, sample_page: Path) -> None:
    page = open_page(sample_page, reduced_motion="reduce").page
    page.click("#s0001 .at .time")
    page.click("text=Follow along")
    page.evaluate("document.querySelector('.player video').currentTime = 155")
    page.wait_for_selector("[id^=s0010].spoken")
    until(
        page,
        "(() => { const box = document.querySelector('.spoken').getBoundingClientRect();"
        " return box.top > 0 && box.bottom < innerHeight })()",
    )


def test_space_pauses_and_escape_closes_the_player(open_page: Open, sample_page: Path) -> None:
    page = open_page(sample_page).page
    page.click("#s0001 .at .time")
    until(page, "document.querySelector('.player video')?.paused === false")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Space")
    until(page, "document.querySelector('.player video').paused")
    page.keyboard.press("Escape")
    assert page.locator("#player").is_hidden()


def test_the_embedded_player_asks_before_anything_is_fetched(
    open_page: Open, served: Served
) -> None:
    watched = open_page(f"{served.address}/tube/")
    page = watched.page
    page.click("#s0004 .at .time")
    page.wait_for_selector(".consent")
    assert watched.foreign() == []
    page.click(".consent button")
    frame = page.wait_for_selector(".player iframe")
    assert frame
    address = frame.get_attribute("src") or ""
    assert address.startswith("https://www.youtube-nocookie.com/embed/zduSFxRajkE?")
    assert "start=51" in address
    assert all(url.startswith("https://www.youtube-nocookie.com/") for url in watched.foreign())


def test_the_theme_follows_the_system_and_the_switch(open_page: Open, sample_page: Path) -> None:
    page = open_page(sample_page, color_scheme="dark").page
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.click("[data-do=theme]")
    light = page.evaluate(ground)
    assert dark != light
    page.reload()
    assert page.evaluate(ground) == light
    page.emulate_media(color_scheme="light")
    page.click("[data-do=theme]")
    assert page.evaluate(ground) == dark


def test_the_contents_mark_the_section_being_read(open_page: Open, sample_page: Path) -> None:
    page = open_page(sample_page, reduced_motion="reduce").page
    page.click(".contents a >> text=Writing it in Python")
    page.wait_for_selector(".contents a[aria-current] >> text=Writing it in Python")
    assert page.locator(".contents a[aria-current]").count() == 1


def test_j_and_k_go_from_section_to_section(open_page: Open, sample_page: Path) -> None:
    page = open_page(sample_page, reduced_motion="reduce").page
    for _ in range(3):
        page.keyboard.press("j")
    page.wait_for_selector(".contents a[aria-current] >> text=The algorithm in three steps")
    page.keyboard.press("k")
    page.wait_for_selector(".contents a[aria-current] >> text=Why not just bytes?")
    assert page.url.endswith("#2-why-not-just-bytes")


def search(page: Page, text: str) -> None:
    page.keyboard.press("/")
    page.fill("dialog.search input", text)


@pytest.mark.parametrize("how", ["file", "server"])
def test_search_finds_the_passage_and_its_second(
    open_page: Open, sample_page: Path, served: Served, how: str
) -> None:
    page = open_page(sample_page if how == "file" else f"{served.address}/sample/").page
    search(page, "neighb dictionary")
    page.wait_for_selector(".search li")
    assert "a dictionary keeps the counts" in page.inner_text(".search li")
    assert page.inner_text(".search li .result-time") == "1:25"
    page.keyboard.press("Enter")
    page.wait_for_selector("#s0006:target")
    assert page.locator("dialog.search").is_hidden()


@pytest.mark.parametrize("how", ["file", "server"])
def test_search_reaches_all_chapters_of_the_folder(
    open_page: Open, sample_page: Path, served: Served, how: str
) -> None:
    page = open_page(sample_page if how == "file" else f"{served.address}/sample/").page
    search(page, "dictionary")
    page.wait_for_selector(".search li")
    assert page.locator(".search li").count() == 1
    page.click("text=all chapters")
    until(page, "document.querySelectorAll('.search li').length === 2")
    page.click(".search li a[href*='tube']")
    page.wait_for_selector("#s0006:target")
    assert "/tube/render/index.html#s0006" in page.url


def test_search_finds_words_that_are_only_on_the_screen(open_page: Open, sample_page: Path) -> None:
    page = open_page(sample_page).page
    search(page, "ZabdZabac")
    page.wait_for_selector(".search li")
    assert page.get_attribute(".search li a", "href") == "#f0004-4"


def test_a_search_without_result_says_so(open_page: Open, sample_page: Path) -> None:
    page = open_page(sample_page).page
    search(page, "xylophone")
    page.wait_for_selector("text=Nothing found")
    page.keyboard.press("Escape")
    assert page.locator("dialog.search").is_hidden()


def test_a_figure_is_enlarged_by_click_and_keyboard(open_page: Open, sample_page: Path) -> None:
    watched = open_page(sample_page)
    page = watched.page
    assert not any(url.endswith("f0001.png") for url in watched.requests)
    page.click("a.zoom >> nth=0")
    until(page, "document.querySelector('.lightbox img').naturalWidth === 1280")
    page.keyboard.press("ArrowRight")
    until(page, "document.querySelector('.lightbox img').src.endsWith('f0002.png')")
    page.keyboard.press("Escape")
    assert page.locator(".lightbox").is_hidden()
    page.locator("a.zoom").nth(2).focus()
    page.keyboard.press("Enter")
    until(page, "document.querySelector('.lightbox img').src.endsWith('f0003.png')")


def test_pictures_reserve_their_place(open_page: Open, sample_page: Path) -> None:
    page = open_page(sample_page).page
    shift = page.evaluate(
        "new Promise(done => { let sum = 0;"
        " new PerformanceObserver(list => { for (const e of list.getEntries()) sum += e.value })"
        ".observe({type: 'layout-shift', buffered: true});"
        " scrollTo(0, 3000); setTimeout(() => done(sum), 600) })"
    )
    assert shift < 0.02


def test_code_is_copied_without_its_colours(open_page: Open, served: Served) -> None:
    page = open_page(
        f"{served.address}/sample/", permissions=["clipboard-read", "clipboard-write"]
    ).page
    page.click(".cell .copy >> nth=0")
    page.wait_for_selector("text=Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("def get_stats(ids):\n    counts = {}")


def test_a_passage_has_a_link_to_share(open_page: Open, served: Served) -> None:
    page = open_page(
        f"{served.address}/sample/", permissions=["clipboard-read", "clipboard-write"]
    ).page
    page.hover("#s0003")
    page.click("#s0003 .here")
    page.wait_for_selector("text=Link copied")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == f"{served.address}/sample/render/index.html#s0003"


def test_the_speakers_words_are_one_click_away(open_page: Open, sample_page: Path) -> None:
    page = open_page(sample_page).page
    said = page.locator("#s0003 .said blockquote")
    assert said.is_hidden()
    page.click("#s0003 .said summary")
    assert "The context of a language model is limited" in said.inner_text()


def test_without_scripts_the_page_reads_and_its_links_lead_to_the_second(
    open_page: Open, sample_page: Path
) -> None:
    page = open_page(sample_page, java_script_enabled=False).page
    assert page.locator("[data-do]:visible").count() == 0
    assert page.locator(".contents").is_visible()
    page.click("#s0003 .said summary")
    assert page.locator("#s0003 .said blockquote").is_visible()
    page.click("#s0004 .at .time")
    page.wait_for_url("**/bpe%20mini%20lecture.mp4#t=51")


def test_printed_it_is_text_and_pictures_on_paper(
    open_page: Open, sample_page: Path, tmp_path: Path
) -> None:
    page = open_page(sample_page).page
    page.emulate_media(media="print")
    assert page.locator(".bar").is_hidden()
    assert page.locator(".copy:visible").count() == 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    data = page.pdf(path=str(tmp_path / "chapter.pdf"), prefer_css_page_size=True)
    assert data.startswith(b"%PDF") and data.count(b"/Type /Page") >= 4


@pytest.mark.parametrize("how", ["file", "server"])
def test_no_request_leaves_this_machine_and_nothing_complains(
    open_page: Open, output: Path, served: Served, how: str
) -> None:
    for chapter in ("sample", "tube"):
        page = output / chapter / "render" / "index.html"
        watched = open_page(page if how == "file" else f"{served.address}/{chapter}/")
        watched.page.mouse.wheel(0, 6000)
        search(watched.page, "tokens")
        watched.page.wait_for_selector(".search li")
        assert watched.foreign() == []
        assert watched.complaints == []


def test_the_single_file_works_alone(open_page: Open, output: Path, tmp_path: Path) -> None:
    from pipeline.engine.workspace import Workspace
    from pipeline.render.formats.export import export

    target = export(Workspace(output / "tube"), "html", tmp_path / "alone" / "chapter.html")
    watched = open_page(target)
    page = watched.page
    search(page, "dictionary")
    page.wait_for_selector(".search li")
    page.keyboard.press("Escape")
    page.click("a.zoom >> nth=0")
    until(page, "document.querySelector('.lightbox img').naturalWidth === 1280")
    assert page.evaluate("document.fonts.check('16px \"Source Serif 4\"')")
    assert [url for url in watched.requests if not url.startswith("data:")] == [target.as_uri()]
    assert watched.complaints == []


def test_printed_pages_have_numbers_and_sections_their_address(
    open_page: Open, output: Path, tmp_path: Path
) -> None:
    pdfium = pytest.importorskip("pypdfium2", reason="pypdfium2 reads the printed pages")
    page = open_page(output / "tube" / "render" / "index.html").page
    page.pdf(path=str(tmp_path / "chapter.pdf"), prefer_css_page_size=True, format="A4")
    sheets = list(pdfium.PdfDocument(tmp_path / "chapter.pdf"))
    foot = [one.get_textpage().get_text_bounded(top=50).strip() for one in sheets]
    assert foot == [str(at + 1) for at in range(len(sheets))]
    whole = "".join("".join(one.get_textpage().get_text_range() for one in sheets).split())
    for section in page.locator("article > section").all():
        second = int(section.get_attribute("data-s") or 0) // 1000
        assert f"https://www.youtube.com/watch?v=zduSFxRajkE&t={second}s" in whole


def test_a_long_output_is_shortened_on_paper_and_says_so(
    open_page: Open, sample_page: Path
) -> None:
    page = open_page(sample_page).page
    page.evaluate(
        "document.querySelector('.printed pre').textContent ="
        " Array.from({length: 100}, (_, at) => `line ${at}`).join('\\n')"
    )
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    note = "getComputedStyle(document.querySelector('.printed'), '::after').content"
    assert page.evaluate(note) == '"… 70 more lines, left out on paper"'
    shown = page.evaluate("document.querySelector('.printed pre').clientHeight")
    whole = page.evaluate("document.querySelector('.printed pre').scrollHeight")
    assert shown < whole / 2


def test_a_heading_is_not_left_behind_by_its_cell(
    open_page: Open, sample_page: Path, tmp_path: Path
) -> None:
    pdfium = pytest.importorskip("pypdfium2", reason="pypdfium2 reads the printed pages")
    page = open_page(sample_page).page
    # Wherever the page ends, a heading has at least the first lines of what follows with it.
    page.evaluate(
        "for (const one of document.querySelectorAll('article > section > :not(h2, .cell)'))"
        " one.remove()"
    )
    for filler in (0, 200, 400, 600, 800):
        page.evaluate(f"document.querySelector('.title-block').style.height = '{filler + 120}px'")
        page.pdf(path=str(tmp_path / "cells.pdf"), prefer_css_page_size=True, format="A4")
        for sheet in pdfium.PdfDocument(tmp_path / "cells.pdf"):
            lines = sheet.get_textpage().get_text_range().strip().splitlines()
            assert lines[-2].strip()[:2] not in {f"{number} " for number in range(1, 7)}
