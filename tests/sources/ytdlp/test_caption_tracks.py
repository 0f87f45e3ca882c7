"""Which of a site's caption tracks are taken."""

from __future__ import annotations

from typing import Any

from pipeline.sources.ytdlp.caption_tracks import choose_tracks


def track(ext: str = "vtt", url: str = "https://example.org/c") -> list[dict[str, Any]]:
    return [{"ext": "json3", "url": url}, {"ext": ext, "url": url}]


def chosen(wanted: str | None = None, **info: Any) -> list[tuple[str, str]]:
    return [(t.language, t.kind) for t in choose_tracks(info, wanted)]


TRANSLATED = track(url="https://example.org/c?lang=en&tlang=fr")
YOUTUBE: dict[str, Any] = {
    "language": "en",
    "subtitles": {"de": track(), "en-GB": track(), "live_chat": track("json")},
    "automatic_captions": {
        "en-orig": track(),
        "en": track(),
        "fr": TRANSLATED,
    },
}


def test_human_captions_in_the_language_that_is_spoken_then_the_recognisers() -> None:
    assert chosen(**YOUTUBE) == [("en-GB", "human"), ("en", "auto")]


def test_another_language_can_be_asked_for() -> None:
    assert chosen("de", **YOUTUBE) == [("de", "human")]


def test_a_machine_translation_only_when_asked_for() -> None:
    assert chosen("fr", **YOUTUBE) == [("fr", "auto")]
    assert chosen(language="ja", automatic_captions={"fr": TRANSLATED}) == []


def test_where_the_site_tells_no_language_its_recogniser_does() -> None:
    human = {"de": track(), "ja": track()}
    automatic = {"ja-orig": track(), "de": track()}
    assert chosen(subtitles=human, automatic_captions=automatic) == [
        ("ja", "human"),
        ("ja", "auto"),
    ]
    assert chosen(subtitles=human) == [("de", "human")]


def test_a_translation_by_people_is_not_what_was_said() -> None:
    assert chosen(language="ja", subtitles={"en": track()}) == []


def test_a_format_that_is_not_read_is_passed_over() -> None:
    assert chosen(subtitles={"en": [{"ext": "json3"}], "fr": track("srt")}) == [("fr", "human")]


def test_no_captions() -> None:
    assert chosen() == []
    assert chosen(subtitles=None, automatic_captions={"en": []}) == []
