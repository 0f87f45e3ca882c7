"""Model files: what is written comes back, and damage is found and named."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from minbpe import GPT4_SPLIT_PATTERN, BasicTokenizer, RegexTokenizer
from tests.minbpe.test_train import trained
from tests.minbpe.texts import texts

# A file as the lecture's code writes it after training RegexTokenizer and registering a token.
LECTURE_FILE = f"minbpe v1\n{GPT4_SPLIT_PATTERN}\n1\n<|end|> 400\n97 97\n256 97\n257 98\n"


@settings(max_examples=100, deadline=None)
@given(texts)
def test_a_saved_tokenizer_loads_and_saves_the_same(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.mktemp("model")
    before = trained(RegexTokenizer(), text, 10)
    before.register_special_tokens({"<|end of text|>": 900, "<|안녕|>": 901})
    before.save(folder / "one")
    after = RegexTokenizer(r"\w")
    after.load(folder / "one.model")
    after.save(folder / "two")
    assert after.merges == before.merges
    assert after.special_tokens == before.special_tokens
    assert after.pattern == before.pattern
    assert after.encode(text, "none") == before.encode(text, "none")
    for suffix in (".model", ".vocab"):
        one, two = ((folder / f"{name}{suffix}").read_bytes() for name in ("one", "two"))
        assert one == two


def test_a_file_of_the_lecture_loads_and_is_written_the_same(tmp_path: Path) -> None:
    (tmp_path / "lecture.model").write_text(LECTURE_FILE, encoding="utf-8")
    tokenizer = RegexTokenizer()
    tokenizer.load(tmp_path / "lecture.model")
    assert tokenizer.encode("aaab<|end|>", "all") == [258, 400]
    tokenizer.save(tmp_path / "ours")
    assert (tmp_path / "ours.model").read_text(encoding="utf-8") == LECTURE_FILE


def test_the_pattern_of_the_file_is_the_one_in_use(tmp_path: Path) -> None:
    trained(RegexTokenizer("a+|b+"), "aabbaabb", 2).save(tmp_path / "own")
    tokenizer = RegexTokenizer()
    tokenizer.load(str(tmp_path / "own.model"))
    assert tokenizer.encode("aabb") == [256, 257]


def test_basic_saves_an_empty_pattern(tmp_path: Path) -> None:
    trained(BasicTokenizer(), "aaabdaaabac", 3).save(tmp_path / "basic")
    text = (tmp_path / "basic.model").read_text(encoding="utf-8")
    assert text == "minbpe v1\n\n0\n97 97\n256 97\n257 98\n"


def test_line_ends_of_windows_are_understood(tmp_path: Path) -> None:
    (tmp_path / "crlf.model").write_bytes(LECTURE_FILE.replace("\n", "\r\n").encode())
    tokenizer = RegexTokenizer()
    tokenizer.load(tmp_path / "crlf.model")
    assert tokenizer.pattern == GPT4_SPLIT_PATTERN


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", 1),
        (b"minbpe v2\n\n0\n", 1),
        (b"minbpe v1\n", 2),
        (b"minbpe v1\n(\n0\n", 2),
        (b"minbpe v1\n\n0\n", 2),
        (b"minbpe v1\na\n", 3),
        (b"minbpe v1\na\nmany\n", 3),
        (b"minbpe v1\na\n-1\n", 3),
        (b"minbpe v1\na\n2\n<|a|> 300\n", 5),
        (b"minbpe v1\na\n1\n<|a|>\n", 4),
        (b"minbpe v1\na\n1\n 300\n", 4),
        (b"minbpe v1\na\n2\n<|a|> 300\n<|b|> 300\n", 5),
        (b"minbpe v1\na\n2\n<|a|> 300\n<|a|> 301\n", 5),
        (b"minbpe v1\na\n0\n97 98\n97\n", 5),
        (b"minbpe v1\na\n0\n97 98\n\n99 100\n", 5),
        (b"minbpe v1\na\n0\n97 98 99\n", 4),
        (b"minbpe v1\na\n0\n97 98\n97 98\n", 5),
        (b"minbpe v1\na\n0\n97 256\n", 4),
        (b"minbpe v1\na\n0\n97 \xff\n", 4),
        (b"minbpe v1\na\n1\n<|a|> 256\n97 98\n", 5),
        (b"minbpe v1\na\n1\n<|a|> 97\n", 4),
    ],
)
def test_damage_is_named_by_line_and_changes_nothing(
    tmp_path: Path, content: bytes, line: int
) -> None:
    (tmp_path / "bad.model").write_bytes(content)
    tokenizer = trained(RegexTokenizer(), "abab", 1)
    with pytest.raises(ValueError, match=rf"bad\.model, line {line}: "):
        tokenizer.load(tmp_path / "bad.model")
    assert tokenizer.merges == {(97, 98): 256}
    assert tokenizer.pattern == GPT4_SPLIT_PATTERN


def test_basic_refuses_a_model_with_a_pattern(tmp_path: Path) -> None:
    RegexTokenizer().save(tmp_path / "regex")
    with pytest.raises(ValueError, match=r"line 2: .*RegexTokenizer"):
        BasicTokenizer().load(tmp_path / "regex.model")


def test_only_model_files_are_loaded(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"not a \.model file"):
        BasicTokenizer().load(tmp_path / "tokens.vocab")


def test_a_line_break_in_a_special_token_cannot_be_saved(tmp_path: Path) -> None:
    tokenizer = BasicTokenizer()
    tokenizer.register_special_tokens({"a\nb": 300})
    with pytest.raises(ValueError, match="line break"):
        tokenizer.save(tmp_path / "broken")


def test_the_vocab_file_is_for_reading(tmp_path: Path) -> None:
    tokenizer = trained(BasicTokenizer(), "\na\na", 1)
    tokenizer.register_special_tokens({"<|end|>": 300})
    tokenizer.save(tmp_path / "small")
    lines = (tmp_path / "small.vocab").read_text(encoding="utf-8").splitlines()
    assert lines[97] == "[a] 97"
    assert lines[-2:] == ["[\\u000a][a] -> [\\u000aa] 256", "[<|end|>] 300"]
