"""The words that tie a sentence to the one before it stay out of its heading."""

from __future__ import annotations

import pytest

from pipeline.text.languages.connectives import without_connectives


@pytest.mark.parametrize(
    ("language", "sentence", "expected"),
    [
        ("en", "So now we count the pairs.", "we count the pairs."),
        ("en", "Well, in other words, tokens are bytes.", "tokens are bytes."),
        ("en-GB", "But that is slow.", "that is slow."),
        (None, "And it stops.", "it stops."),
        ("de", "Aber natürlich, das geht auch schneller.", "das geht auch schneller."),
        ("de", "Und, zum Beispiel, das Wort Haus.", "das Wort Haus."),
        ("fr", "Mais en fait, les octets suffisent.", "les octets suffisent."),
        ("es", "Pues bueno, el texto son bytes.", "el texto son bytes."),
        ("pt", "Mas, por exemplo, o texto longo.", "o texto longo."),
        ("ru", "Но, конечно, это медленно.", "это медленно."),
        ("tr", "Ama aslında, bu yavaş.", "bu yavaş."),
        ("vi", "Nhưng thực ra, nó chậm.", "nó chậm."),
        ("ar", "لكن، في الواقع، النص طويل.", "النص طويل."),
        ("fa", "اما در واقع، متن بلند است.", "متن بلند است."),
        ("he", "אבל למעשה, הטקסט ארוך.", "הטקסט ארוך."),
        ("hi", "लेकिन वास्तव में, पाठ लंबा है।", "पाठ लंबा है।"),
        ("ko", "하지만 사실, 글이 깁니다.", "글이 깁니다."),
        ("ja", "しかし、実は、文は長い。", "文は長い。"),
        ("zh-Hant", "但是，其實，文字很長。", "文字很長。"),
    ],
)
def test_a_sentence_begins_where_it_says_something(
    language: str | None, sentence: str, expected: str
) -> None:
    assert without_connectives(sentence, language) == expected


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Sorting takes time."),  # "So" is no word here
        ("en", "Nowadays, all text is Unicode."),
        ("de", "Dann zählen wir die Paare."),  # without "Dann" the order of the words is wrong
        ("de", "Also zählen wir."),
        ("ja", "しかしながら長い。"),
        ("zh", "但是太慢了。"),  # no comma shows where the word ends
        ("sw", "Lakini, maandishi ni marefu."),  # a language without a list
        ("en", "Now, of course, "),  # nothing would be left
        ("en", ""),
    ],
)
def test_a_sentence_stays_whole(language: str, sentence: str) -> None:
    assert without_connectives(sentence, language) == sentence
