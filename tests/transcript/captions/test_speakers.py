"""Who speaks, in captions of every script: names, voices and dashes begin a turn, labels do not."""

from __future__ import annotations

import pytest

from pipeline.transcript.captions.parse import parse_captions
from pipeline.transcript.captions.read import captions_of


def said(*texts: str) -> list[str]:
    """The cues of a file with those texts; a turn begins with ``|``."""
    cues = (
        f"00:{4 * n:02d}.000 --> 00:{4 * n + 3:02d}.000\n{text}\n" for n, text in enumerate(texts)
    )
    found = captions_of(parse_captions("WEBVTT\n\n" + "\n".join(cues))).cues
    return [f"{'|' if cue.new_speaker else ''}{cue.text}" for cue in found]


def test_a_name_before_a_colon_begins_a_turn_and_stays() -> None:
    assert said("PROFESSOR: A text", "is bytes. AUDIENCE: Why?", "PROF. LEE: Well.") == [
        "|PROFESSOR: A text",
        "is bytes.",
        "|AUDIENCE: Why?",
        "|PROF. LEE: Well.",
    ]
    assert said("<i>STUDENT 2:</i> Why?", "&gt;&gt; TA: Well.") == [
        "|STUDENT 2: Why?",
        "|TA: Well.",
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("教授：今天讲分词。", "学生：为什么？"),
        ("先生：今日は分割です。", "学生：なぜですか？"),
        ("교수: 오늘은 토큰입니다.", "학생 2: 왜요?"),
        ("Профессор: Сегодня токены.", "Студент: Почему?"),
        ("الأستاذ: اليوم نتكلم.", "طالب: لماذا؟"),
        ("מרצה: היום נדבר.", "סטודנט: למה?"),
        ("प्रोफ़ेसर: आज हम।", "छात्र: क्यों?"),
        ("อาจารย์: วันนี้", "นักศึกษา: ทำไม"),
        ("Professorin: Heute Tokens.", "Studentin: Warum?"),
        ("Öğretmen: Bugün.", "Öğrenci: Neden?"),
    ],
)
def test_parts_in_a_lesson_are_known_in_every_script(first: str, second: str) -> None:
    assert said(first, second) == [f"|{first}", f"|{second}"]


def test_a_turn_within_a_line_needs_no_space_where_the_script_has_none() -> None:
    assert said("学生：为什么？教授：因为。") == ["|学生：为什么？", "|教授：因为。"]


def test_names_are_told_by_their_return() -> None:
    talk = ["Anna: Hi.", "Ben: Hi.", "Anna: So.", "Ben: Yes."]
    assert said(*talk) == [f"|{line}" for line in talk]
    assert said("Tokenizers: the plan.", "We count.") == ["Tokenizers: the plan.", "We count."]


@pytest.mark.parametrize(
    "texts",
    [
        ("Note: it is slow.", "Example: this.", "Note: it ends.", "Example: that."),
        ("例如：这个。", "注意：那个。", "例如：这里。", "注意：那里。"),
        ("Beispiel: eins.", "Achtung: zwei.", "Beispiel: drei.", "Achtung: vier."),
        ("Пример: один.", "Вопрос: два.", "Пример: три.", "Вопрос: четыре."),
        ("at 12:30: we meet", "see https://example.org", "C:\\new", "the rule is: merge"),
        ("HTTP: the protocol.", "It has verbs."),
        ("WE SAY: STOP.", "AND THEN: GO.", "WE SAY: STOP."),
        ("we need 5 - 3", "Use -R here.", "-R recurses."),
    ],
)
def test_what_only_looks_like_a_name_begins_no_turn(texts: tuple[str, ...]) -> None:
    assert said(*texts) == list(texts)


def test_a_voice_is_named_where_it_changes() -> None:
    assert said("<v Ann Lee>Hi.", "<v Ann Lee>So.", "<v.loud Bob>Yes.</v> <v Ann Lee>No.</v>") == [
        "|Ann Lee: Hi.",
        "So.",
        "|Bob: Yes.",
        "|Ann Lee: No.",
    ]


def test_dialogue_dashes_begin_turns_and_dashes_of_a_list_do_not() -> None:
    assert said("- Is that all? - It is.", "– Bonjour.", "— ¿Y tú?\n— Yo no.") == [
        "|Is that all?",
        "|It is.",
        "|Bonjour.",
        "|¿Y tú?",
        "|Yo no.",
    ]
    assert said("-Yes.\n-No.") == ["|Yes.", "|No."]
    assert said("We need:\n- Apples\n- Pears\n- Plums") == ["We need: Apples Pears Plums"]
    assert said("Москва —\n— Столица России.") == ["Москва — Столица России."]
