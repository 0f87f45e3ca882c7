"""Which frames become figures."""

from __future__ import annotations

from itertools import pairwise

import pytest

from pipeline.models import Box, Frame, ScreenLine
from pipeline.writing.transcript_edition.figures import chosen_figures
from tests.writing.transcript_edition.lectures import frame

MINUTE = 60_000


def name(number: int) -> str:
    """A word for each number."""
    return f"{chr(97 + number % 26) * 4}{chr(97 + number // 26) * 3}"


def names(*frames: object, minutes: int = 10) -> list[str]:
    return [one.id for one in chosen_figures(list(frames), minutes * MINUTE)]  # type: ignore[arg-type]


def test_a_slide_that_is_built_up_is_shown_once_at_its_fullest() -> None:
    assert names(
        frame("f1", 0, 1000, "Why not bytes?"),
        frame("f2", 1000, 2000, "Why not bytes?\nThere are 256 of them"),
        frame("f3", 2000, 3000, "Another slide about merges"),
    ) == ["f2", "f3"]


def test_a_dashboard_with_another_tooltip_is_shown_once() -> None:
    board = "Water of the rivers\n" + "\n".join(f"{name(n)} {name(n + 40)}" for n in range(20))
    tooltips = ("Potable no\nMean total 421.5", "Potable yes\nMean total 420.5", "Mean 7.1")
    shown = [
        frame(f"f{n}", n * 30_000, (n + 1) * 30_000, f"{board}\n{tooltip}", kind="other")
        for n, tooltip in enumerate(tooltips)
    ]
    assert len(names(*shown)) == 1


def test_the_same_few_labels_on_another_drawing_are_shown() -> None:
    first = frame("f1", 0, 30_000, "Heap\nroot left right leaf", kind="diagram")
    assert names(first, frame("f2", 30_000, 60_000, "Heap\nroot left right", kind="diagram")) == [
        "f1",
        "f2",
    ]


def test_returns_faces_and_empty_screens_are_left_out() -> None:
    assert names(
        frame("f1", 0, 1000, "Why not bytes?"),
        frame("f2", 1000, 2000, "The algorithm", same_as="f0"),
        frame("f3", 2000, 3000, "Lecture hall number 3", kind="talking head"),
        frame("f4", 3000, 4000, "1"),
    ) == ["f1"]


def test_a_drawing_without_text_is_kept() -> None:
    assert names(frame("f1", 0, 1000, "Some title"), frame("f2", 1000, 2000, kind="diagram")) == [
        "f1",
        "f2",
    ]


def test_figures_are_as_dense_as_in_a_good_chapter_and_in_order() -> None:
    frames = [
        frame(f"f{n}", n * 20_000, (n + 1) * 20_000, f"Subject {name(n)}", kind="other")
        for n in range(300)
    ]
    chosen = chosen_figures(frames, 100 * MINUTE)
    assert 20 <= len(chosen) <= 35
    assert [one.start_ms for one in chosen] == sorted(one.start_ms for one in chosen)
    assert chosen[0].start_ms < 5 * MINUTE
    assert chosen[-1].start_ms > 95 * MINUTE
    gaps = [b.start_ms - a.start_ms for a, b in pairwise(chosen)]
    assert max(gaps) < 8 * MINUTE


def test_no_slide_of_a_short_talk_that_is_spoken_about_is_lost() -> None:
    titles = ["Goal", "Popularity", "Sentiment", "Revenue", "Methods", "Results", "Limits", "Next"]
    slides = [
        frame(f"f{n}", n * 12_000, (n + 1) * 12_000, f"{title} of the study\n{name(n)} and more")
        for n, title in enumerate(["Agenda", *titles, "Thank You"])
    ]
    slides[0] = frame("f0", 0, 12_000, "Agenda\nGoal and more")
    slides[9] = frame("f9", 108_000, 120_000, "Thank You!\nQuestions?")
    assert names(*slides, minutes=2) == [f"f{n}" for n in range(1, 9)]


@pytest.mark.parametrize(
    "courtesy",
    [
        "Agenda",
        "Outline",
        "Thank You!",
        "Thanks for listening",
        "Questions?",
        "Any questions?",
        "Q & A",
        "Vielen Dank",
        "Gliederung",
        "Sommaire",
        "Спасибо за внимание",
        "감사합니다",
    ],
)
def test_courtesies_go_however_short_the_talk_is(courtesy: str) -> None:
    slides = [
        frame("f0", 0, 20_000, f"{courtesy}\nA line below it of {name(1)}"),
        frame("f1", 20_000, 40_000, f"Goal of the study\nA line of {name(2)}"),
        frame("f2", 40_000, 60_000, f"What comes next\nAnother of {name(3)}"),
    ]
    assert names(*slides, minutes=1) == ["f1", "f2"]


def test_a_slide_that_stays_five_seconds_is_shown_and_a_shorter_one_gives_way() -> None:
    """Of two neighbours one has to go: there is one figure for fifteen seconds."""
    slides = [
        frame(f"f{n}", start_ms, end_ms, f"Title {name(n)}\nmore of {name(n)}")
        for n, (start_ms, end_ms) in enumerate(
            [(0, 20_000), (20_000, 24_900), (24_900, 30_000), (30_000, 45_000)]
        )
    ]
    assert [one.id for one in chosen_figures(slides, 45_000)] == ["f0", "f2", "f3"]


def test_menus_of_a_program_that_stay_are_shown() -> None:
    cells = "Book1\n" + " ".join(str(n) for n in range(100, 140))
    frames = [
        frame("f1", 0, 10_000, cells, kind="other"),
        frame("f2", 10_000, 16_000, f"Insert pivot table\nCharts\nSlicer\n{cells}", kind="other"),
        frame("f3", 16_000, 24_000, cells, kind="other", same_as="f1"),
        frame("f4", 24_000, 30_000, f"Sort by size\nClear filter\n{cells}", kind="other"),
        frame("f5", 30_000, 36_000, cells, kind="other", same_as="f1"),
    ]
    assert {"f2", "f4"} <= {one.id for one in chosen_figures(frames, 36_000)}


def test_a_slide_that_is_passed_over_and_a_title_that_comes_again_give_way() -> None:
    slides = [
        frame(f"f{n}", n * 10_000, n * 10_000 + (1_000 if n == 3 else 10_000), f"Title {name(n)}")
        for n in range(10)
    ]
    slides[7] = frame("f7", 70_000, 80_000, f"Title {name(1)}\nOther words below it {name(7)}")
    assert "f3" not in names(*slides, minutes=2)
    assert "f7" not in names(*slides, minutes=2)


def test_a_window_that_shows_next_to_nothing_goes_before_one_that_shows_something() -> None:
    """Its menus, tabs and bookmarks say nothing."""
    menu = " ".join(name(n) for n in range(40))

    def window(number: int, text: str) -> Frame:
        rows = [(menu, 0), (text, 300)]
        lines = tuple(
            ScreenLine(text=row, box=Box(x=0, y=y, width=1200, height=18), confidence=1)
            for row, y in rows
        )
        made = frame(f"f{number}", number * 60_000, (number + 1) * 60_000, kind="other")
        part = Box(x=0, y=100, width=1280, height=620)
        text = "\n".join(row for row, _ in rows)
        return made.model_copy(update={"text": text, "lines": lines, "crop": part})

    pages = [window(n, f"New page {name(n)}" if n == 3 else name(n) * 40) for n in range(7)]
    chosen = [one.id for one in chosen_figures(pages, 7 * MINUTE)]
    assert len(chosen) == 5
    assert "f3" not in chosen


def test_there_is_never_more_than_one_figure_for_fifteen_seconds() -> None:
    slides = [frame(f"f{n}", n * 6_000, (n + 1) * 6_000, f"Title {name(n)}") for n in range(20)]
    assert len(names(*slides, minutes=2)) == 8


def crowd(first: int, count: int = 60) -> str:
    """So many words of their own."""
    return " ".join(name(number) for number in range(first, first + count))


def test_a_wall_of_numbers_gives_way_to_words() -> None:
    numbers = " ".join(str(n) for n in range(1000, 1120))
    shown = [
        frame(
            f"f{n}",
            n * 60_000,
            (n + 1) * 60_000,
            numbers if n == 3 else crowd(60 * n),
            kind="other",
        )
        for n in range(6)
    ]
    assert names(*shown, minutes=6) == ["f0", "f1", "f2", "f4", "f5"]


def test_code_that_the_chapter_tells_says_nothing_new_on_a_picture() -> None:
    texts = [crowd(60 * n, 30) + "\n" + crowd(60 * n + 30, 30) for n in range(6)]
    shown = [
        frame(f"f{n}", n * 60_000, (n + 1) * 60_000, text, kind="other")
        for n, text in enumerate(texts)
    ]
    told = texts[2].splitlines()
    assert [one.id for one in chosen_figures(shown, 6 * MINUTE, told)] == [
        "f0",
        "f1",
        "f3",
        "f4",
        "f5",
    ]


def test_a_page_that_returns_scrolled_by_a_few_lines_is_shown_once() -> None:
    pages = [crowd(0), crowd(100), crowd(6)]
    shown = [
        frame(f"f{n}", n * 60_000, (n + 1) * 60_000, text, kind="other")
        for n, text in enumerate(pages)
    ]
    assert names(*shown) == ["f0", "f1"]


def test_a_window_with_but_a_title_gives_way_to_the_one_with_what_stands_below_it() -> None:
    menu = "Safari File Edit View History Bookmarks Window Help"
    begun = frame("f0", 0, 60_000, f"{menu}\nTabletop physics", kind="other")
    between = frame("f1", 60_000, 120_000, crowd(0), kind="other")
    whole = frame("f2", 120_000, 180_000, f"{menu}\nTabletop physics\n{crowd(90)}", kind="other")
    assert names(begun, between, whole) == ["f1", "f2"]


def test_a_tooltip_does_not_move_a_dashboard_to_a_later_time() -> None:
    board = "Water of the rivers\n" + "\n".join(f"{name(n)} {name(n + 40)}" for n in range(40))
    first = frame("f0", 0, 90_000, board, kind="other")
    pointed = frame("f1", 90_000, 120_000, f"{board}\nPotable yes", kind="other")
    assert names(first, pointed) == ["f0"]
    written = frame("f2", 90_000, 240_000, f"{board}\nPotable yes", kind="other")
    assert names(first, written) == ["f2"]


def lines_of(first: int, count: int) -> str:
    """Lines of three words each, by number."""
    numbers = range(3 * first, 3 * (first + count), 3)
    return "\n".join(f"{name(n)} {name(n + 1)} {name(n + 2)}" for n in numbers)


def test_a_notebook_that_comes_again_further_down_is_shown_once_at_its_first_time() -> None:
    head = "Safari File Edit View History Bookmarks Window Help\nlocalhost"
    shown = [
        frame("f0", 0, 60_000, f"{head}\n{lines_of(0, 10)}", kind="other"),
        frame("f1", 60_000, 120_000, f"{head}\n{lines_of(40, 12)}", kind="other"),
        frame("f2", 120_000, 180_000, f"{head}\n{lines_of(1, 9)}\n{lines_of(80, 3)}", kind="other"),
    ]
    assert names(*shown) == ["f0", "f1"]


def test_the_same_text_on_a_page_of_another_site_is_another_picture() -> None:
    head = "Safari File Edit View History Bookmarks Window Help"
    shown = [
        frame("f0", 0, 60_000, f"{head}\nlocalhost\n{lines_of(0, 10)}", kind="other"),
        frame("f1", 60_000, 120_000, f"{head}\nlocalhost\n{lines_of(40, 12)}", kind="other"),
        frame(
            "f2",
            120_000,
            180_000,
            f"{head}\nrivers.app\n{lines_of(0, 7)}\n{lines_of(80, 3)}",
            kind="other",
        ),
    ]
    assert names(*shown) == ["f0", "f1", "f2"]


def test_what_stands_beside_code_already_is_not_shown_again() -> None:
    beside = frame("f0", 0, 60_000, lines_of(0, 10), kind="code")
    again = frame("f1", 120_000, 180_000, f"{lines_of(1, 7)}\n{lines_of(80, 2)}", kind="other")
    assert chosen_figures([again], 10 * MINUTE, shown=[beside]) == []
    assert chosen_figures([again], 10 * MINUTE) == [again]


def test_the_only_page_of_a_site_goes_after_pages_of_a_site_that_has_others() -> None:
    head = "Safari File Edit View History Bookmarks Window Help"
    sites = ["hills.org"] * 3 + ["rivers.org"] + ["hills.org"] * 2
    shown = [
        frame(f"f{n}", n * 15_000, (n + 1) * 15_000, f"{head}\n{site}\n{crowd(60 * n)}")
        for n, site in enumerate(sites)
    ]
    assert "f3" in [one.id for one in chosen_figures(shown, 30_000)]


def test_where_nobody_speaks_the_screens_are_shown_more_densely() -> None:
    shown = [
        frame(f"f{n}", n * 5_000, (n + 1) * 5_000, f"~/d $ git add\n{crowd(40 * n)}", kind="code")
        for n in range(9)
    ]
    assert len(chosen_figures(shown, 45_000)) == 3
    assert len(chosen_figures(shown, 45_000, silent=True)) == 9


def test_a_terminal_in_which_nothing_was_run_yet_is_no_figure() -> None:
    prompt = frame("f0", 0, 30_000, "~/roman $ git lo", kind="code")
    run = frame("f1", 30_000, 60_000, f"~/roman $ git status\n{crowd(0)}", kind="code")
    assert names(prompt, run) == ["f1"]
    assert names(prompt) == ["f0"]


def test_a_wall_of_numbers_goes_first_however_much_room_it_has() -> None:
    wall = "\n".join(" ".join(str(100 + n * k % 97) for n in range(20)) for k in range(1, 20))
    texts = [crowd(40 * n, 8) for n in range(6)]
    shown = [
        frame(f"f{n}", n * 20_000, n * 20_000 + 20_000, text, kind="other")
        for n, text in enumerate(texts)
    ]
    shown[3] = frame("f3", 60_000, 80_000, f"{wall}\n{crowd(400, 15)}", kind="other")
    assert "f3" not in names(*shown, minutes=1)


def test_a_long_output_that_is_scrolled_by_a_few_rows_is_shown_once() -> None:
    head = "Safari File Edit View History Bookmarks Window Help\nlocalhost"
    rows = [f"{100 + n}, {130 + n}: {256 + n}," for n in range(20)]
    first = "\n".join([head, "How the merges go the other way around", *rows])
    told = ["def encode(text):", "tokens = list(text.encode())", "while True: # of the tokens"]
    later = "\n".join([head, *rows[4:], *told, "print(encode(text))"])
    others = "\n".join([head, *(f"{300 + n}, {630 + n}: {956 + n}," for n in range(20)), *told])

    def ids(second: str) -> list[str]:
        shown = [
            frame(f"f{n}", n * 60_000, (n + 1) * 60_000, text, kind="other")
            for n, text in enumerate((first, second))
        ]
        return [one.id for one in chosen_figures(shown, 10 * MINUTE, told)]

    assert ids(later) == ["f0"]
    assert ids(others) == ["f0", "f1"]
    assert ids(f"{later}\nhere come four words") == ["f0", "f1"]


def test_what_is_on_its_way_to_another_screen_gives_way_where_somebody_speaks() -> None:
    shown = [
        frame(f"f{n}", n * 15_000, (n + 1) * 15_000, crowd(60 * n), kind="other") for n in range(6)
    ]
    shown[2] = shown[2].model_copy(update={"end_ms": 34_000})
    assert "f2" not in [one.id for one in chosen_figures(shown, 60_000)]
    assert len(chosen_figures(shown, 30_000, silent=True)) == 6


def test_one_screen_read_twice_is_a_repeat_though_one_reading_has_some_letters_more() -> None:
    read = [
        f"{lines_of(0, 16)}\n{name(200)} {name(201)}",
        f"{lines_of(0, 12)}\n{lines_of(60, 5)}",
    ]
    shown = [
        frame(f"f{n}", n * 60_000, (n + 1) * 60_000, text, kind="other")
        for n, text in enumerate(read)
    ]
    assert names(*shown) == ["f0"]


def test_a_wall_of_numbers_without_words_is_no_figure_however_much_room_there_is() -> None:
    wall = " ".join(str(n) for n in range(1000, 1120))
    texts = [crowd(0), f"{wall}\nlength {name(500)}", crowd(60)]
    shown = [
        frame(f"f{n}", n * 60_000, (n + 1) * 60_000, text, kind="other")
        for n, text in enumerate(texts)
    ]
    assert names(*shown) == ["f0", "f2"]
    assert names(shown[0], shown[1]) == ["f0", "f1"]
    named = shown[1].model_copy(update={"text": f"{wall}\n{name(500)} {name(501)} {name(502)}"})
    assert names(shown[0], named, shown[2]) == ["f0", "f1", "f2"]
