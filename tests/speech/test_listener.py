"""Windows are heard once, doubtful ones again, and a prompt stays only while it helps."""

from __future__ import annotations

from pathlib import Path

from pipeline.speech.engine import Heard
from pipeline.speech.listener import Listener
from pipeline.speech.prompt import Priming
from pipeline.speech.window_store import WindowFile
from pipeline.speech.windows import Piece, Window
from tests.speech.fakes import NoStore, ScriptedRecogniser, heard, speech, window

NAMES = Priming(("Byte pair encoding.",))
LOOP = "got them " * 20


def test_a_prompt_that_helps_is_kept() -> None:
    fake = ScriptedRecogniser(
        lambda size, priming, heat: heard("minbpe", -0.1) if priming else heard("M B P E", -0.3)
    )
    listener = Listener(fake, NoStore(), "en", NAMES)
    assert [h.text for h in listener.hear([window()])] == ["minbpe"]
    assert listener.hear([window(seed=1)])[0].text == "minbpe"
    assert len(fake.asked) == 3  # the first window both ways, the second one way


def test_a_prompt_that_confuses_the_model_is_dropped() -> None:
    fake = ScriptedRecogniser(
        lambda size, priming, heat: heard("Hello Hello", -0.4) if priming else heard("hi", -0.1)
    )
    listener = Listener(fake, NoStore(), "en", NAMES)
    assert listener.hear([window()])[0].text == "hi"
    assert listener.hear([window(seed=1)])[0].text == "hi"
    assert not listener.priming


def test_a_loop_is_heard_again_without_the_prompt() -> None:
    def answer(size: int, priming: Priming, heat: float) -> Heard:
        return heard(LOOP, -0.05) if priming else heard("all is well", -0.05)

    listener = Listener(ScriptedRecogniser(answer), NoStore(), "en", NAMES)
    assert listener.hear([window()])[0].text == "all is well"
    assert listener.tally["reheard", "loop"] == 1


def test_a_loop_without_a_prompt_is_heard_again_warmer() -> None:
    fake = ScriptedRecogniser(lambda size, priming, heat: heard("well" if heat else LOOP))
    listener = Listener(fake, NoStore(), "en", Priming())
    assert listener.hear([window()])[0].text == "well"
    assert fake.asked[-1][2] > 0


def test_a_gap_is_heard_again_in_two_halves() -> None:
    samples = speech(10)
    whole = Window(samples, (Piece(0, 0, len(samples)),), pauses=((4.9, 5.1),))

    def answer(size: int, priming: Priming, heat: float) -> Heard:
        return heard("lost.", pace=9.0) if size == len(samples) else heard("one half.")

    listener = Listener(ScriptedRecogniser(answer), NoStore(), "en", Priming())
    (found,) = listener.hear([whole])
    assert found.text == "one half. one half."
    assert found.words[2].start_s == 5.0
    assert listener.tally["reheard", "gap"] == 1


def test_a_loop_that_stays_is_left_once_and_counted() -> None:
    listener = Listener(
        ScriptedRecogniser(lambda size, priming, heat: heard(LOOP)), NoStore(), "en", Priming()
    )
    assert listener.hear([window()])[0].text == "got them"
    assert listener.tally["dropped", "loop"] == 38


def test_a_later_run_asks_only_for_what_is_not_kept(tmp_path: Path) -> None:
    kept = tmp_path / "windows.jsonl"
    batches = [[window(seed=i), window(seed=i + 1)] for i in (0, 2)]

    def listener(fake: ScriptedRecogniser) -> Listener:
        return Listener(fake, WindowFile(kept, "scripted", "en"), "en", Priming())

    first = ScriptedRecogniser(lambda size, priming, heat: heard("as it was"))
    before = listener(first).hear(batches[0])
    with kept.open("a") as file:
        file.write('{"key": "half a li')  # the crash

    second = ScriptedRecogniser(lambda size, priming, heat: heard("new"))
    resumed = listener(second)
    assert resumed.hear(batches[0]) == before
    assert second.asked == []
    assert resumed.hear(batches[1])[0].text == "new"
    third = ScriptedRecogniser(lambda size, priming, heat: heard("never asked"))
    assert listener(third).hear(batches[1])[0].text == "new"


def test_windows_heard_another_way_are_not_taken_for_these(tmp_path: Path) -> None:
    kept, one = tmp_path / "windows.jsonl", window()
    WindowFile(kept, "base", "en").put(one, Priming(), 0.0, heard("english"))
    assert WindowFile(kept, "base", "en").get(one, Priming(), 0.0) == heard("english")
    assert WindowFile(kept, "base", "de").get(one, Priming(), 0.0) is None
    assert WindowFile(kept, "base", "en").get(one, NAMES, 0.0) is None
    assert WindowFile(kept, "base", "en").get(one, Priming(), 0.4) is None
    assert WindowFile(kept, "base", "en").get(window(seed=9), Priming(), 0.0) is None
