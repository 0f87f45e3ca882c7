"""Where a line of Chinese, Japanese or Thai may be cut: BudouX's models, 30 KB each.

They tell Japanese phrases (a word and its particles) and Chinese and Thai words apart. Word
segmenters by Unicode's rules cut these scripts into single letters; those with dictionaries bring
tens of megabytes.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from pipeline.text.languages.codes import is_traditional
from pipeline.text.languages.known import language_of
from pipeline.text.scripts import main_script

_BY_SCRIPT = {"Jpan": "ja", "Hani": "zh", "Thai": "th"}


class _Parser(Protocol):
    def parse(self, sentence: str) -> list[str]: ...


def phrases(text: str, language: str | None = None) -> list[str]:
    """``text`` in parts that belong together; in one part where the language is another.

    Joined, the parts are ``text`` again. ``language`` None: by the text's script.

    >>> phrases("今日は天気です。", "ja")
    ['今日は', '天気です。']
    """
    known = language_of(language)
    if known is None:
        script = main_script(text)
        code = _BY_SCRIPT.get(script.code, "") if script else ""
    else:
        code = "zh" if known.code == "yue" else known.code
    if code not in _BY_SCRIPT.values() or not text:
        return [text] if text else []
    return _parser("zh-hant" if is_traditional(language) else code).parse(text)


@lru_cache(maxsize=4)
def _parser(model: str) -> _Parser:
    import budoux

    parser: _Parser = {
        "ja": budoux.load_default_japanese_parser,
        "zh": budoux.load_default_simplified_chinese_parser,
        "zh-hant": budoux.load_default_traditional_chinese_parser,
        "th": budoux.load_default_thai_parser,
    }[model]()
    return parser
