"""Captions built from what is on the screen."""

from __future__ import annotations

import pytest

from pipeline.i18n.transcript_edition import edition_words
from pipeline.models import Box, Frame, ScreenLine
from pipeline.writing.transcript_edition.figure_captions import FigureCaptions
from tests.writing.transcript_edition.lectures import frame, lecture

MENU = "Safari File Edit View History Bookmarks Window Help"


def captions(*frames: Frame, speech: str = "we count", language: str = "en") -> list[str]:
    segments, _ = lecture([speech] * 10, frames)
    maker = FigureCaptions(segments, edition_words(language))
    return [maker.caption(one) for one in frames]


def test_a_slide_is_named_by_its_title() -> None:
    slide = frame("f1", 0, 1000, "Why not just bytes?\n256 of them")
    assert captions(slide) == ["Slide: “Why not just bytes?”"]


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("de", "Folie: „Why bytes?“"),
        ("fr", "Diapositive\u00a0: «\u00a0Why bytes?\u00a0»"),
        ("ja", "スライド：「Why bytes?」"),
        ("zh-TW", "投影片：「Why bytes?」"),
        ("zh", "幻灯片：“Why bytes?”"),
        ("ru", "Слайд: «Why bytes?»"),
    ],
)
def test_a_title_stands_in_the_languages_own_quotation_marks(language: str, wanted: str) -> None:
    assert captions(frame("f1", 0, 1000, "Why bytes?\n256"), language=language) == [wanted]


def test_code_is_named_by_its_definition_and_never_twice_alike() -> None:
    text = "x.py\ndef get_stats(ids, counts=None):\n    pass\ndef merge(ids):\n    pass"
    first = frame("f1", 0, 1000, text, kind="code")
    second = frame("f2", 1000, 2000, text, kind="code")
    assert captions(first, second) == [
        "Code: def get_stats(ids, counts=None)",
        "Code: def merge(ids)",
    ]


def test_a_window_is_named_by_the_line_that_the_lecturer_talks_about() -> None:
    text = f"{MENU}\nen.wikipedia.org\nFrom the free library\nByte pair encoding\nTools and links"
    window = frame("f1", 0, 1000, text)
    caption = captions(window, speech="the byte pair encoding algorithm")[0]
    assert caption == "Screen (en.wikipedia.org): “Byte pair encoding”"


@pytest.mark.parametrize(
    ("address", "confidence", "site"),
    [
        ("github.com", 0.99, " (github.com)"),
        ("github.com", 0.94, ""),
        ("gthub.com", 0.99, ""),  # nothing else is called so
    ],
)
def test_a_site_is_named_only_where_its_address_is_read_surely_and_the_name_is_seen_again(
    address: str, confidence: float, site: str
) -> None:
    text = f"{MENU}\n{address}\nByte pair encoding of text\nfooter of github,"
    lines = tuple(
        ScreenLine(text=line, box=Box(x=0, y=60 * n, width=100, height=20), confidence=confidence)
        for n, line in enumerate(text.splitlines())
    )
    window = frame("f1", 0, 1000, text).model_copy(update={"lines": lines})
    caption = captions(window, speech="the byte pair encoding of text")[0]
    assert caption == f"Screen{site}: “Byte pair encoding of text”"


def written(*lines: tuple[str, int, int, int], middle: bool = False) -> Frame:
    """A slide with these lines: text, left (its middle if ``middle``), top, height."""
    placed = []
    for text, x, y, height in lines:
        width = round(0.5 * height * len(text))
        box = Box(x=x - width // 2 if middle else x, y=y, width=width, height=height)
        placed.append(ScreenLine(text=text, box=box, confidence=0.99))
    text = "\n".join(line.text for line in placed)
    return frame("f1", 240_000, 246_000, text).model_copy(update={"lines": tuple(placed)})


@pytest.mark.parametrize("middle", [False, True])
def test_a_title_of_two_lines_is_named_whole_also_where_it_is_centred(middle: bool) -> None:
    slide = written(
        ("Stones are carried by rivers which lose", 640, 500, 60),
        ("their speed in the plain.", 640, 562, 60),
        ("Course 12", 640, 690, 20),
        middle=middle,
    )
    title = "Stones are carried by rivers which lose their speed in the plain."
    assert captions(slide) == [f"Slide: “{title}”"]


@pytest.mark.parametrize(
    "line",
    [
        "maxesdefaultig 1,280720 pi",
        "V A^A ab Insert",
        "2026-03-04 12:00:01 INFO server started",
        "[INFO] 12:00:01 loading weights",
        "File Home Insert Page Layout Formulas Data Review View",
        "C:\\Users\\me\\Documents\\report.docx",
        "npm WARN deprecated har-validator@5.1.5",
        "=== test session starts ===",
        "100%|#######| 20/20 [00:01<00:00, 15.2it/s]",
        "main* 0 errors 2 warnings Ln 12, Col 8",
        "Traceback (most recent call last):",
        "Epoch 3/10 loss: 0.3412 acc: 0.91",
        "example.org/login?next=home",
        "ERROR: could not find a version",
    ],
)
def test_a_line_of_a_log_a_ribbon_or_a_bar_is_no_caption(line: str) -> None:
    screen = written((line, 40, 20, 30), ("x", 40, 400, 14), ("y", 40, 440, 14), ("z", 40, 480, 14))
    assert captions(screen) == ["The screen at 4:00"]


PAGE = (
    ("Byte pair encoding finds the most frequent pair of", 300, 260, 18),
    ("bytes and puts a new token in its place, again and", 300, 290, 18),
    ("again, until the vocabulary is as large as wanted.", 300, 320, 18),
)
SPEECH = "byte pair encoding finds the most frequent pair of bytes and a new token in its place"


def page(*lines: tuple[str, int, int, int]) -> Frame:
    """A window with a menu above the part of it that its figure shows."""
    head = ((MENU, 20, 4, 18), ("Frequent pair of bytes: a token", 20, 40, 40))
    made = written(*head, *lines, *PAGE)
    part = Box(x=0, y=100, width=1280, height=620)
    times = {"start_ms": 60_000, "end_ms": 66_000}
    return made.model_copy(update={"crop": part, "kind": "other", **times})


def test_a_page_is_named_by_its_largest_line_that_the_figure_shows() -> None:
    shown = page(("Compression by pairs", 300, 140, 36), ("Contents", 40, 200, 18))
    assert captions(shown, speech=SPEECH) == ["Screen: “Compression by pairs”"]


def test_of_two_large_lines_that_counts_which_is_spoken_about() -> None:
    shown = page(("The blog of Ann Lee", 300, 120, 40), ("An encoding of bytes", 300, 204, 30))
    assert captions(shown, speech=SPEECH) == ["Screen: “An encoding of bytes”"]


@pytest.mark.parametrize(
    "lines",
    [
        # the head of a table
        [("Frequent pair", 300, 130, 36), *(("Bytes", 600 + 120 * k, 140, 18) for k in range(3))],
        [("Frequent tokens", 900, 130, 36)],  # a list beside the page
        [("Merging pairs of bytes", 300, 690, 36)],  # what comes next is not seen any more
        [("Most frequent pair", 900, 250, 30), ("Its count", 920, 290, 18)],  # a box of a drawing
    ],
)
def test_what_has_no_content_below_it_is_no_title_though_it_is_large_and_spoken_about(
    lines: list[tuple[str, int, int, int]],
) -> None:
    assert captions(page(*lines), speech=SPEECH) == ["The screen at 1:00"]


def test_a_heading_in_wide_letters_may_begin_with_a_small_one() -> None:
    name = "pairwise-merger"
    shown = page((name, 300, 228, 20))
    assert captions(shown, speech="here it is") == ["The screen at 1:00"]
    assert captions(wider(shown, name, 1.7), speech="here it is") == [f"Screen: “{name}”"]


def test_a_piece_of_a_sentence_is_no_caption_however_well_it_fits_the_speech() -> None:
    assert captions(page(("Contents", 40, 200, 18)), speech=SPEECH) == ["The screen at 1:00"]


def test_the_first_of_two_lines_of_a_hint_in_large_letters_is_no_caption() -> None:
    first = ("You can count the frequent pair of bytes in", 300, 130, 30)
    assert captions(page(first, ("Tokens with a key", 340, 166, 30)), speech=SPEECH) == [
        "The screen at 1:00"
    ]


def test_the_second_line_of_a_hint_is_no_caption_though_its_letters_are_narrower() -> None:
    first, second = "All that one can do is in the command", "Palette. See it with the help"
    for text in (second, "Palette for all commands"):
        shown = wider(page((first, 300, 130, 30), (text, 340, 166, 30)), first, 1.25)
        assert captions(shown, speech="here it is") == ["The screen at 1:00"]
    alone = page((second, 340, 166, 30))
    assert captions(alone, speech="here it is") == ["The screen at 1:00"]


def test_a_line_that_ends_in_the_middle_is_no_caption() -> None:
    shown = page(("You can count the frequent pair of bytes with", 300, 130, 30))
    assert captions(shown, speech=SPEECH) == ["The screen at 1:00"]


def test_what_is_quoted_of_a_program_and_is_no_code_is_not_called_code() -> None:
    shown = page(("Compression by pairs", 300, 140, 36)).model_copy(update={"kind": "code"})
    assert captions(shown, speech=SPEECH) == ["Screen: “Compression by pairs”"]


def wider(shown: Frame, text: str, times: float) -> Frame:
    """The frame, its line with this text in letters wider than its box is high."""
    lines = tuple(
        line.model_copy(
            update={"box": line.box.model_copy(update={"width": round(times * line.box.width)})}
        )
        if line.text == text
        else line
        for line in shown.lines
    )
    return shown.model_copy(update={"lines": lines})


def test_a_title_whose_box_is_as_high_as_others_is_known_by_its_wide_letters() -> None:
    title = "Pairs of Bytes as New Symbols"
    shown = page((title, 300, 228, 20), ("An Lee", 300, 140, 18))
    assert captions(shown, speech="here it is") == ["The screen at 1:00"]
    assert captions(wider(shown, title, 1.6), speech="here it is") == [f"Screen: “{title}”"]


def test_a_heading_within_a_text_is_a_caption_where_it_is_spoken_about() -> None:
    heading = "Merging of symbols [edit]"
    shown = wider(page((heading, 300, 236, 18)), heading, 1.4)
    assert captions(shown, speech="these symbols come") == ["Screen: “Merging of symbols”"]
    assert captions(shown, speech="here it is") == ["The screen at 1:00"]


def test_a_button_has_a_high_box_and_is_no_caption() -> None:
    shown = page(("Add a message", 60, 140, 36))
    narrow = wider(shown, "Add a message", 0.5)
    assert captions(narrow, speech="here it is") == ["The screen at 1:00"]


def test_large_letters_that_were_read_unsurely_are_a_caption_only_where_they_are_spoken() -> None:
    shown = page(("Rivers of the plaim", 300, 140, 36))
    doubtful = tuple(line.model_copy(update={"confidence": 0.9}) for line in shown.lines)
    shown = shown.model_copy(update={"lines": doubtful})
    assert captions(shown, speech="here it is") == ["The screen at 1:00"]
    assert captions(shown, speech="these rivers come") == ["Screen: “Rivers of the plaim”"]


def test_a_slide_in_a_window_is_named_by_its_title_and_a_window_not_by_its_own() -> None:
    lines = (("Adding by columns", 300, 200, 40), ("First the ones", 300, 400, 40))
    for top, wanted in ((200, "Screen: “Adding by columns”"), (30, "The screen at 1:00")):
        made = written((MENU, 20, 4, 18), ("Adding by columns", 300, top, 40), *lines[1:])
        times = {"start_ms": 60_000, "end_ms": 66_000, "kind": "other"}
        assert captions(made.model_copy(update=times), speech="here it is") == [wanted]


def test_a_terminal_is_named_by_the_last_command_on_it() -> None:
    typed = "ann@host:~/demo$ git init\nInitialised\n~/demo >>> 1s -s     main"
    text = f"{typed}\n~/demo >>>     main"
    terminal = frame("f1", 240_000, 246_000, text, kind="code")
    assert captions(terminal) == ["Screen: “ls -s”"]


def test_a_notebook_is_named_by_the_last_call_that_is_no_print() -> None:
    last = "print(merged(symbols, 'a long argument'))"
    code = f"In [4]: pairs = counted(symbols)\nprint(len(pairs))\n{last}"
    shown = frame("f1", 0, 1000, f"{MENU}\n{code}\n[1, 2]", kind="other")
    shown = shown.model_copy(update={"lines": written(*PAGE).lines})
    assert captions(shown, speech="here it is") == ["Code: merged(…)"]
    again = frame("f2", 0, 1000, f"{MENU}\n{code.splitlines()[0]}\n[1, 2]", kind="other")
    again = again.model_copy(update={"lines": written(*PAGE).lines})
    assert captions(again, speech="here it is") == ["Code: pairs = counted(symbols)"]


def test_a_name_with_brackets_in_a_text_is_no_call() -> None:
    shown = page(("P(ab, c)", 300, 400, 18))
    assert captions(shown, speech="here it is") == ["The screen at 1:00"]
    assert captions(page(("rates = P(ab, c)", 300, 400, 18)), speech="here it is") == [
        "Code: rates = P(ab, c)"
    ]


def test_a_value_that_was_printed_names_no_code_that_gives_names() -> None:
    lines = [("weights = rows.sum()", 300, 400, 18), ("arrays.Size(18, 47)", 300, 500, 18)]
    assert captions(page(*lines), speech="here it is") == ["Code: weights = rows.sum()"]
    assert captions(page(("rows.train(weights)", 300, 400, 18)), speech="here it is") == [
        "Code: rows.train(weights)"
    ]


def test_where_the_title_stands_above_another_line_is_told() -> None:
    slide = written(
        ("Ciphers of streams", 40, 20, 40),
        ("Derived from a secure generator", 40, 120, 20),
        ("Ann Lee", 40, 600, 14),
    )
    segments, _ = lecture(["a secure generator is derived"] * 20, [slide])
    maker = FigureCaptions(segments, edition_words("en"))
    assert maker.caption(slide, ["Ciphers of streams"]) == (
        "Slide: “Derived from a secure generator”"
    )


def test_menus_and_tabs_are_never_a_caption() -> None:
    frames = [
        frame(f"f{n}", n * 1000, n * 1000 + 900, f"{MENU}\nmy first tab\nlocalhost\n{'ab' * n}cd")
        for n in range(6)
    ]
    for caption in captions(*frames, speech="the first tab and its menu"):
        assert "Bookmarks" not in caption
        assert "tab" not in caption


def test_a_screen_without_text_is_named_by_its_time() -> None:
    silent = frame("f1", 60_000, 66_000)
    assert captions(silent) == ["The screen at 1:00"]
    assert captions(silent, language="de-AT") == ["Der Bildschirm bei 1:00"]


def test_a_long_line_is_cut_at_a_word() -> None:
    text = f"def long({', '.join('name' + str(n) for n in range(40))}):"
    caption = captions(frame("f1", 0, 1000, text, kind="code"))[0]
    assert len(caption) < 110
    assert caption.endswith(" …")


def test_a_command_that_is_still_being_typed_is_no_caption() -> None:
    shown = "~/demo $ git status\nnothing to commit\n~/demo $ git push --all"
    assert captions(frame("f1", 0, 1000, shown, kind="code")) == ["Screen: “git status”"]
    alone = frame("f1", 60_000, 66_000, "~/demo $ git init", kind="code")
    assert captions(alone) == ["Screen: “git init”"]


def test_what_stands_on_a_button_is_no_caption_though_it_is_spoken() -> None:
    shown = page(("Add message", 60, 100, 18))
    assert captions(shown, speech="so we add a message") == ["The screen at 1:00"]


@pytest.mark.parametrize(
    "line", ["A tag line for a shop:-Qh", "You can split with pane:split-right"]
)
def test_a_line_with_marks_where_words_have_none_is_no_caption(line: str) -> None:
    shown = written((line, 40, 20, 40), ("and more of it below", 40, 120, 20))
    assert line not in captions(shown)[0]


def test_a_hint_in_an_editor_is_no_title_though_nothing_else_is_large() -> None:
    hint = ("You can open themes", 300, 200, 40)
    made = written((MENU, 20, 4, 18), hint, ("~/demo cd notes", 300, 600, 16))
    editor = made.model_copy(update={"kind": "code", "start_ms": 60_000, "end_ms": 66_000})
    assert captions(editor, speech="here it is") == ["The screen at 1:00"]


def test_the_title_of_a_slide_in_a_browser_stands_at_the_top_of_what_is_shown() -> None:
    lines = [("Adding by columns", 235, 89, 37)]
    lines += [(f"Step {n} add the column", 700, 150 + 45 * n, 41) for n in range(5)]
    made = written((MENU, 6, 0, 16), *lines)
    part = Box(x=0, y=72, width=1280, height=648)
    made = made.model_copy(update={"crop": part, "kind": "slide"})
    assert captions(made, speech="here it is") == ["Screen: “Adding by columns”"]
