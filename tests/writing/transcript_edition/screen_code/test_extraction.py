"""Code recovered from the screen."""

from __future__ import annotations

from pipeline.writing.transcript_edition.screen_code.extraction import screen_cells
from tests.writing.transcript_edition.lectures import frame

FUNCTION = """\
def double(values):
    result = []
    for value in values:
        result.append(2 * value)
    return result"""


def code(name: str, start_ms: int, text: str) -> object:
    return frame(name, start_ms, start_ms + 10_000, text, kind="code")


def sources(*texts: str) -> list[str]:
    frames = [code(f"f{n}", n * 10_000, text) for n, text in enumerate(texts)]
    return [cell.source for cell in screen_cells(frames)]  # type: ignore[arg-type]


def test_code_becomes_a_cell_and_the_lines_below_it_its_output() -> None:
    text = "lesson.ipynb\nvalues = [1, 2]\nprint(len(values))\n2"
    (cell,) = screen_cells([frame("f1", 0, 10_000, text, kind="code")])
    assert cell.source == "values = [1, 2]\nprint(len(values))\n"
    assert cell.output == "2"
    assert not cell.excerpt


def test_uneven_indentation_is_put_right() -> None:
    crooked = FUNCTION.replace("    result = []", "   result = []").replace("    for", "     for")
    assert sources(crooked) == [FUNCTION + "\n"]


def test_line_numbers_and_prompts_are_no_code() -> None:
    numbered = "\n".join(f"{n} {line}" for n, line in enumerate(FUNCTION.splitlines(), start=1))
    assert sources(numbered) == [FUNCTION + "\n"]
    assert sources(">>> values = [1, 2]\n>>> print(values)\n[1, 2]") == [
        "values = [1, 2]\nprint(values)\n"
    ]
    assert sources("In [3]: values = [1, 2]\n        print(values)") == [
        "values = [1, 2]\nprint(values)\n"
    ]


def test_code_that_grows_appears_once_at_its_fullest() -> None:
    begun = "\n".join(FUNCTION.splitlines()[:4])
    call = "result = double([1, 2])\nprint(result)"
    assert sources(begun, FUNCTION, f"{FUNCTION}\n{call}") == [f"{FUNCTION}\n\n\n{call}\n"]


def test_a_last_line_that_was_still_being_typed_is_taken_whole() -> None:
    head = "lesson.ipynb\ndef first(values):\n    kept = values[0]\n    return kept"
    typed = FUNCTION.removesuffix(" result")
    call = "result = double([1, 2])\nprint(result)"
    first, second = sources(f"{head}\n{typed}", f"lesson.ipynb\n{FUNCTION}\n{call}")
    assert first.startswith("def first")
    assert second == f"{FUNCTION}\n\n\n{call}\n"


def test_a_call_is_kept_when_it_comes_again_after_other_lines() -> None:
    first = "values = [1, 2]\nprint(values)"
    second = "values = [3, 4]\nvalues.append(5)\nprint(values)"
    assert sources(first, second) == [first + "\n", second + "\n"]


def test_a_fragment_is_an_excerpt_and_so_is_what_needs_a_file() -> None:
    texts = [
        "model.train(data)\nmodel.test(data)\nprint(model.loss)",
        "text = open('a.txt').read()\nprint(text)\nprint(len(text))",
    ]
    for text in texts:
        (cell,) = screen_cells([frame("f1", 0, 10_000, text, kind="code")])
        assert cell.excerpt


def test_names_of_an_earlier_cell_are_known() -> None:
    frames = [
        frame("f1", 0, 10_000, FUNCTION, kind="code"),
        frame("f2", 10_000, 20_000, "total = sum(double([1, 2]))\nprint(total)", kind="code"),
    ]
    assert [cell.excerpt for cell in screen_cells(frames)] == [False, False]


def test_code_that_cannot_be_read_surely_is_left_to_the_picture() -> None:
    doubtful = FUNCTION.replace("    return result", "      return result")
    assert sources(doubtful) == []
    assert sources("unk_id=0,\nbos_id=1,\neos_id=2,") == []


def test_lines_after_one_that_cannot_be_read_do_not_become_another_program() -> None:
    assert sources("for value in va1ues[:\n    print(value)\n    total += value") == []


def test_a_definition_whose_rest_cannot_be_read_is_left_out() -> None:
    assert sources(FUNCTION.replace("return result", "return resu1t] = )")) == []


def test_a_function_that_takes_a_class_is_no_method() -> None:
    decorator = "def named(cls):\n    cls.name = cls.__name__.lower()\n    return cls\n"
    assert sources(decorator) == [decorator]
    assert sources("@classmethod\n" + decorator) == []


def test_a_decorator_belongs_to_what_stands_below_it() -> None:
    cached = "import functools\n\n\n@functools.cache\ndef double(x):\n    return 2 * x\n"
    assert sources(cached) == [cached]


def test_methods_whose_class_cannot_be_read_are_no_functions() -> None:
    assert sources("cl@ss Table:\n    def get(self, key):\n        return self.data[key]") == []


def test_a_web_page_shows_code_without_output() -> None:
    menu = "Safari File Edit View History Bookmarks Window Help\ntiktokenizer.vercel.app"
    text = f"{menu}\nvalues = [1, 2]\nvalues += [3]\nprint(len(values))\nToken count 300"
    (cell,) = screen_cells([frame("f1", 0, 10_000, text, kind="code")])
    assert cell.output == ""


def test_prose_tables_and_numbers_are_no_code() -> None:
    slides = [
        "Summary\nTrain once\nLarger vocabulary, shorter sequence\n12",
        "vocabulary size = 256 + merges\n256 + 3 = 259",
        "[258, 100, 258]\naaabdaaabac",
        "Why not just bytes?",
    ]
    frames = [frame(f"f{n}", n, n + 1000, text) for n, text in enumerate(slides)]
    assert screen_cells(frames) == []


def test_a_returning_screen_and_a_face_give_nothing() -> None:
    frames = [
        frame("f1", 0, 1000, FUNCTION, kind="code", same_as="f0"),
        frame("f2", 1000, 2000, FUNCTION, kind="talking head"),
    ]
    assert screen_cells(frames) == []
