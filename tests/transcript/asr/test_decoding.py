"""Windows are decoded once, doubtful ones again, and nothing voiced is lost unsaid."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.transcript.asr.decoding import DecodedWindow, WindowDecoder
from pipeline.transcript.asr.engines.engine import Decoding, RecognisedWord, Recognition
from pipeline.transcript.asr.initial_prompt import InitialPrompt
from pipeline.transcript.asr.window_store import WindowFile
from pipeline.transcript.asr.windows import Piece, Window
from tests.transcript.asr.fakes import (
    RATE,
    Answer,
    NoStore,
    ScriptedRecogniser,
    heard,
    speech,
    window,
)

NAMES = InitialPrompt(("Byte pair encoding.",))
LOOP = "got them " * 20
EN = Decoding("en")


def listen(answer: Answer, one: Window, prompt: InitialPrompt | None = None) -> DecodedWindow:
    return WindowDecoder(ScriptedRecogniser(answer), NoStore(), "en", prompt).decode([one])[0]


def text_of(decoded: DecodedWindow) -> str:
    return decoded.heard.text


def spoken(seconds: float, pauses: tuple[tuple[float, float], ...] = ()) -> Window:
    samples = speech(seconds)
    return Window(samples, (Piece(0, 0, len(samples)),), pauses)


def test_a_decode_that_stops_early_is_gone_on_with_from_there() -> None:
    whole = spoken(10.0, pauses=((2.0, 2.2),))

    def answer(size: int, how: Decoding) -> Recognition:
        if size == len(whole.samples):
            return heard("one two three four five six seven", pace=0.28, logprob=-0.05)
        return heard("a b c d e f g h i j k l m n o p q r s t u v w x y z", pace=0.3)

    decoded = listen(answer, whole)
    assert text_of(decoded).startswith("one two three four five six seven")
    assert text_of(decoded).endswith("x y z")
    assert decoded.unheard == ()


def test_a_decode_that_drops_its_middle_gets_it_back() -> None:
    whole = spoken(9.0, pauses=((1.9, 2.1), (6.9, 7.1)))
    start, end = "this is how it begins", "and this is the end"
    middle = "what nobody wants to miss stands here between the first sentence and its last one"
    full = f"{start} {middle} {end}".split()

    def answer(size: int, how: Decoding) -> Recognition:
        if size == len(whole.samples):
            first, last = heard(start, pace=0.4).words, heard(end, pace=0.4).words
            moved = [type(w)(w.start_s + 7, w.end_s + 7, w.text, w.probability) for w in last]
            return Recognition((*first, *moved), -0.05, 0.0)
        return heard(middle, pace=size / RATE / 15)

    decoded = listen(answer, whole)
    assert text_of(decoded).split() == full
    assert decoded.unheard == ()


def test_voiced_sound_that_no_decode_has_words_for_is_told() -> None:
    decoded = listen(lambda size, how: heard("one two three", pace=0.5), spoken(6.0))
    ((stretch, reason),) = decoded.unheard
    assert stretch == (1.5, 6.0)
    assert reason == "no_words"


def test_the_end_of_a_word_that_alignment_cuts_off_is_not_told_as_unheard() -> None:
    whole = spoken(3.6, pauses=((1.6, 2.4), (2.8, 3.0)))
    first = heard("one two three", pace=0.33).words
    last = RecognisedWord(3.0, 3.6, "four", 0.9)
    decoded = listen(lambda size, how: Recognition((*first, last), -0.2, 0.0), whole)
    # 0.6 s until the pause are the end of "three", and then a cough: 1.0 s in all.
    assert decoded.unheard == ()


def test_words_that_the_model_hardly_believes_fill_no_gap_but_are_told() -> None:
    whole = spoken(6.0)

    def answer(size: int, how: Decoding) -> Recognition:
        if size == len(whole.samples) and not how.timestamps and not how.temperature:
            return heard("one two three four", pace=0.3)
        return heard("one two three four and then much else", pace=0.7, logprob=-0.8)

    decoded = listen(answer, whole)
    assert text_of(decoded) == "one two three four"
    assert [reason for _, reason in decoded.unheard] == ["low_confidence"]


def test_sound_that_the_model_finds_no_speech_in_is_not_told_as_unheard() -> None:
    decoded = listen(lambda size, how: Recognition((), -0.5, no_speech=0.9), spoken(6.0))
    assert (text_of(decoded), decoded.unheard) == ("", ())


def test_a_gap_is_first_decoded_with_time_stamps_then_sampled() -> None:
    fake = ScriptedRecogniser(lambda size, how: heard("one two three", pace=0.3))
    WindowDecoder(fake, NoStore(), "en").decode([spoken(6.0)])
    ways = [(how.timestamps, how.temperature > 0) for _, how in fake.asked]
    assert ways[:3] == [(False, False), (True, False), (False, True)]


def test_a_slow_word_that_was_found_in_a_gap_is_not_decoded_once_more() -> None:
    whole = spoken(4.0)

    def at(*words: tuple[float, float, str]) -> Recognition:
        return Recognition(tuple(RecognisedWord(*word, 0.9) for word in words), -0.2, 0.0)

    def answer(size: int, how: Decoding) -> Recognition:
        end = ((2.3, 2.6, "three"), (2.6, 3.3, "four"), (3.3, 4.0, "five"))
        if size == len(whole.samples):
            return at((0.0, 0.3, "one"), (0.3, 2.3, "two"), *end)
        moved = [(a - 0.3, b - 0.3, text) for a, b, text in end]
        return at((0.0, 0.4, "two"), (0.4, 1.6, "a"), (1.6, 2.0, "big"), *moved)

    fake = ScriptedRecogniser(answer)
    decoded = WindowDecoder(fake, NoStore(), "en").decode([whole])[0]
    assert text_of(decoded) == "one two a big three four five"
    assert len(fake.asked) == 2


def test_a_loop_is_decoded_again_without_the_prompt() -> None:
    def answer(size: int, how: Decoding) -> Recognition:
        return heard(LOOP, -0.05) if how.prompt else heard("all is well", -0.05)

    assert text_of(listen(answer, window(0.9), NAMES)) == "all is well"


def test_a_loop_without_a_prompt_is_decoded_again_at_a_higher_temperature() -> None:
    fake = ScriptedRecogniser(lambda size, how: heard("well" if how.temperature else LOOP))
    decoder = WindowDecoder(fake, NoStore(), "en")
    assert text_of(decoder.decode([window(0.3)])[0]) == "well"
    assert fake.asked[-1][1].temperature > 0
    assert decoder.tally["reheard", "loop"] == 1


def test_a_loop_that_stays_is_left_once_and_counted() -> None:
    decoder = WindowDecoder(ScriptedRecogniser(lambda size, how: heard(LOOP)), NoStore(), "en")
    assert text_of(decoder.decode([window(12.0)])[0]) == "got them"
    assert decoder.tally["dropped", "loop"] == 38


def test_a_sentence_said_again_after_a_long_pause_is_decoded_once() -> None:
    samples = speech(4.0)
    half = len(samples) // 2
    twice = Window(samples, (Piece(0, 0, half), Piece(half, 60 * RATE, half)))
    fake = ScriptedRecogniser(
        lambda size, how: heard("this one sentence ends. this one sentence ends.", pace=0.5)
    )
    decoded = WindowDecoder(fake, NoStore(), "en").decode([twice])[0]
    assert text_of(decoded) == "this one sentence ends. this one sentence ends."
    assert len(fake.asked) == 1


def test_a_window_that_is_fuller_without_the_prompt_is_taken_without_it() -> None:
    full = "one two three four five six"

    def answer(size: int, how: Decoding) -> Recognition:
        return heard("one two", -0.01) if how.prompt else heard(full, -0.4)

    fake = ScriptedRecogniser(answer)
    decoder = WindowDecoder(fake, NoStore(), "en", NAMES)
    for seed in range(3):
        assert text_of(decoder.decode([window(1.8, seed)])[0]) == full
    assert not decoder.prompt  # dropped at once
    assert len(fake.asked) == 4  # only the first window was decoded both ways


@pytest.mark.parametrize(("logprob", "kept"), [(-0.13, True), (-0.4, False)])
def test_a_prompt_that_costs_no_words_is_kept_unless_the_model_doubts_all_it_hears(
    logprob: float, kept: bool
) -> None:
    def answer(size: int, how: Decoding) -> Recognition:
        return heard("byte pair encoding", logprob if how.prompt else -0.1)

    decoder = WindowDecoder(ScriptedRecogniser(answer), NoStore(), "en", NAMES)
    decoder.decode([window(0.9)])
    assert bool(decoder.prompt) is kept


def test_a_window_in_another_language_is_written_in_its_own() -> None:
    def answer(size: int, how: Decoding) -> Recognition:
        said = heard("guten Tag", -0.3) if how.language == "de" else heard("good day", -0.6)
        return type(said)(said.words, said.average_logprob, 0.0, language="de",
                          language_probability=0.9)  # fmt: skip

    decoded = listen(answer, window(0.6))
    assert (text_of(decoded), decoded.language) == ("guten Tag", "de")


def test_a_language_that_was_set_is_kept_to() -> None:
    def answer(size: int, how: Decoding) -> Recognition:
        said = heard("good day")
        return type(said)(said.words, -0.2, 0.0, language="de", language_probability=0.9)

    fake = ScriptedRecogniser(answer)
    assert (
        WindowDecoder(fake, NoStore(), "en", fixed=True).decode([window(0.6)])[0].language == "en"
    )
    assert len(fake.asked) == 1


@pytest.mark.parametrize(
    ("chance", "logprob", "told"), [(0.95, -0.2, True), (0.8, -0.2, False), (0.8, -0.7, True)]
)
def test_a_window_in_another_language_than_the_one_set_is_counted_where_it_is_sure_or_doubted(
    chance: float, logprob: float, told: bool
) -> None:
    def answer(size: int, how: Decoding) -> Recognition:
        said = heard("good day", logprob)
        return type(said)(said.words, logprob, 0.0, language="de", language_probability=chance)

    decoder = WindowDecoder(ScriptedRecogniser(answer), NoStore(), "en", fixed=True)
    decoder.decode([window(0.6)])
    assert bool(decoder.tally["foreign", "de"]) is told


def test_a_gap_in_a_window_that_sounds_like_another_language_is_told_as_such() -> None:
    def answer(size: int, how: Decoding) -> Recognition:
        said = heard("one two three", pace=0.5)
        return type(said)(said.words, -0.2, 0.0, language="de", language_probability=0.9)

    decoder = WindowDecoder(ScriptedRecogniser(answer), NoStore(), "en", fixed=True)
    ((_, reason),) = decoder.decode([spoken(6.0)])[0].unheard
    assert reason == "other_language"


def test_of_two_with_the_same_gap_the_one_without_the_prompt_is_kept() -> None:
    def answer(size: int, how: Decoding) -> Recognition:
        if how.prompt:
            return heard("it is very significant", logprob=-0.1)
        return heard("it is very insignificant", logprob=-0.3)

    decoded = listen(answer, spoken(6.0), NAMES)
    assert text_of(decoded) == "it is very insignificant"
    assert ("insignificant", "significant") in [(r.kept, r.other) for r in decoded.conflicts]


def test_both_readings_of_a_doubtful_window_are_told() -> None:
    def answer(size: int, how: Decoding) -> Recognition:
        if how.temperature:
            return heard("the difference is very significant", -0.5)
        return heard("the difference is very insignificant", -1.2)

    decoded = listen(answer, window(1.5))
    assert ("significant", "insignificant") in [(r.kept, r.other) for r in decoded.conflicts]


def test_a_later_run_asks_only_for_what_is_not_kept(tmp_path: Path) -> None:
    kept = tmp_path / "windows.jsonl"
    batches = [[window(0.9, seed=i), window(0.9, seed=i + 1)] for i in (0, 2)]

    def decoder(fake: ScriptedRecogniser) -> WindowDecoder:
        return WindowDecoder(fake, WindowFile(kept, "scripted"), "en")

    first = ScriptedRecogniser(lambda size, how: heard("as it was"))
    before = decoder(first).decode(batches[0])
    with kept.open("a") as file:
        file.write('{"key": "half a li')  # the crash

    second = ScriptedRecogniser(lambda size, how: heard("new it is"))
    resumed = decoder(second)
    assert resumed.decode(batches[0]) == before
    assert second.asked == []
    assert text_of(resumed.decode(batches[1])[0]) == "new it is"
    third = ScriptedRecogniser(lambda size, how: heard("never asked"))
    assert text_of(decoder(third).decode(batches[1])[0]) == "new it is"


def test_windows_decoded_another_way_are_not_taken_for_these(tmp_path: Path) -> None:
    kept, one = tmp_path / "windows.jsonl", window()
    WindowFile(kept, "base").put(one, EN, heard("english"))
    assert WindowFile(kept, "base").get(one, EN) == heard("english")
    assert WindowFile(kept, "small").get(one, EN) is None
    assert WindowFile(kept, "base").get(window(seed=9), EN) is None
    others = (
        Decoding("de"),
        Decoding("en", NAMES),
        Decoding("en", temperature=0.4),
        Decoding("en", timestamps=True),
    )
    for way in others:
        assert WindowFile(kept, "base").get(one, way) is None
