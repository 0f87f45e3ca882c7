"""The oracles find the bugs that people make, and leave right code alone however it is written."""

from __future__ import annotations

import pytest

from pipeline.cells.checker import Text, check_texts
from pipeline.cells.oracles.oracle import load_oracles
from pipeline.cells.report import OracleReport, Report
from pipeline.document.parse import parse
from pipeline.errors import ConfigError
from pipeline.settings.check import CheckSettings
from tests.cells.conftest import cells, sandboxed
from tests.cells.oracles.lecture_functions import CELLS, DECODE, ENCODE, MUTATIONS, VARIANTS
from tests.shared import shared

NEEDS = {
    "loop": ("stats", "merge", "loop"),
    "decode": ("stats", "merge", "loop", "decode"),
    "encode": ("stats", "merge", "loop", "encode"),
    "class": ("stats", "merge", "class"),
}


def check(markdown: str, **changes: object) -> Report:
    settings = CheckSettings.model_validate(changes)
    return check_texts([Text("", parse(markdown))], sandboxed(**changes), settings).report


def lecture(changed: str, source: str) -> Report:
    """The check of one cell of the lecture in another version, with the cells that it needs."""
    names = NEEDS.get(changed, (changed,))
    return check(cells(*(source if name == changed else CELLS[name] for name in names)))


def by_name(report: Report) -> dict[str, OracleReport]:
    return {oracle.name: oracle for oracle in report.oracles}


def test_every_function_of_the_lecture_agrees() -> None:
    report = check(cells(*CELLS.values()))
    assert report.is_good()
    assert {name for name, one in by_name(report).items() if one.status == "passed"} == {
        *("get_stats", "merge", "merges", "decode", "encode", "bytes_to_unicode"),
        *("gpt2_pattern", "gpt4_pattern", "MyTokenizer.train", "MyTokenizer.decode"),
    }
    assert report.headline == "8 of 8 cells ran, 10 functions agree with minbpe"


def test_at_least_28_of_30_bugs_are_caught() -> None:
    assert len(MUTATIONS) >= 30
    missed = []
    for name, mutation in MUTATIONS.items():
        right = CELLS[mutation.cell]
        assert right.count(mutation.right) == 1, f"{name}: {mutation.right!r} is not there once"
        changed = right.replace(mutation.right, mutation.wrong)
        report = lecture(mutation.cell, changed)
        if not any(oracle.status == "failed" for oracle in report.oracles):
            missed.append(name)
    assert len(missed) <= len(MUTATIONS) * 2 // 30, missed


def test_no_right_variant_is_called_wrong() -> None:
    assert len(VARIANTS) >= 20
    alarms = {}
    for name, (cell, source) in VARIANTS.items():
        report = lecture(cell, source)
        if not report.is_good():
            alarms[name] = [one.detail for one in report.oracles if one.status == "failed"] + [
                one.reason for one in report.cells if one.status != "passed"
            ]
    assert alarms == {}


def test_a_finding_names_the_shortest_input_and_both_answers() -> None:
    mutation = MUTATIONS["merges overlap"]
    report = lecture("merge", CELLS["merge"].replace(mutation.right, mutation.wrong))
    (oracle,) = report.oracles
    assert oracle.detail.startswith("merge([1, 1], (1, 1), 99) gives [99, 1], minbpe gives [99] (")


def test_a_wrong_train_loop_is_told_by_its_first_wrong_merge() -> None:
    mutation = MUTATIONS["the rarest pair is merged"]
    report = lecture("loop", CELLS["loop"].replace(mutation.right, mutation.wrong))
    detail = by_name(report)["merges"].detail
    assert detail.startswith("merge 1 of the text behind ids is (")
    assert "minbpe learns (" in detail


def test_functions_that_are_imported_are_not_the_chapters() -> None:
    assert check(cells("from minbpe import get_stats, merge, BasicTokenizer")).oracles == ()


def test_a_function_of_the_same_name_with_other_arguments_is_left_alone() -> None:
    report = check(cells("def merge(left, right):\n    return {**left, **right}"))
    assert [oracle.status for oracle in report.oracles] == ["skipped"]
    assert report.is_good()


def test_a_function_that_never_answers_is_not_waited_for() -> None:
    report = check(cells("def get_stats(ids):\n    while True: pass", "print('on')"))
    assert report.oracles[0].status == "skipped"
    assert report.cells[1].stdout == "on\n"


def test_judging_leaves_no_trace_in_the_chapter() -> None:
    counting = "calls = []\ndef get_stats(ids):\n    calls.append(ids)\n    return {}"
    assert check(cells(counting, "print(len(calls))")).cells[1].stdout == "0\n"


def test_what_a_function_prints_while_it_is_judged_is_not_the_cells_output() -> None:
    report = check(cells("def merge(ids, pair, idx):\n    print('noise')\n    return ids", "1"))
    assert [cell.stdout for cell in report.cells] == ["", "1\n"]


VOCABULARIES = (
    "media/tokenizer/cl100k_base.tiktoken",
    "media/tokenizer/gpt2-vocab.bpe",
    "media/tokenizer/gpt2-encoder.json",
)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ('The string "Tokenization" is 30642 and 1634.', "passed"),
        ('The string "Tokenization" is 3642 and 1634.', "failed"),
        ("In GPT-4, `hello world` becomes tokens 15339 and 1917.", "passed"),
        ("In GPT-2 `hello world` encodes to [31373, 995].", "passed"),
        ("In GPT-2 `hello world` encodes to [31373, 996].", "failed"),
        ("The token ` at` is token 379.", "passed"),
    ],
)
def test_token_ids_claimed_in_prose_are_held_against_the_vocabularies(
    text: str, status: str
) -> None:
    report = check(text, files=tuple(str(shared(name)) for name in VOCABULARIES))
    assert [oracle.status for oracle in report.oracles] == [status]


@pytest.mark.parametrize(
    "text",
    [
        "In our toy vocabulary `egg` is tokens 1 and 2.",
        "The variable `idx` is 256 here, the first new token.",
        "The year `GPT-2` came out is 2019.",
        "We use `vocab_size` as 276, which gives 20 merges of tokens.",
    ],
)
def test_other_numbers_in_prose_are_no_claims_about_tokens(text: str) -> None:
    report = check(text, files=tuple(str(shared(name)) for name in VOCABULARIES))
    assert report.is_good()


def test_a_claim_that_cannot_be_judged_here_says_what_is_missing() -> None:
    report = check('The string "Tokenization" is 30642 and 1634.')
    if report.oracles[0].status == "skipped":  # else tiktoken's cache is on this machine
        assert "put their files in check.files" in report.oracles[0].detail
    assert report.is_good()


def test_ids_claimed_beside_a_call_are_judged_though_the_cell_cannot_run() -> None:
    text = '```python skip-execution\nprint(enc.encode("hello world"))  # [31373, 995]\n```\n'
    report = check(text, files=tuple(str(shared(name)) for name in VOCABULARIES))
    assert [oracle.status for oracle in report.oracles] == ["passed"]


def test_oracles_of_another_field_can_be_added() -> None:
    added = check(cells("answer = 41"), oracles=("tests.cells.oracles.other_field:AnswerOracle",))
    assert [(one.name, one.status) for one in added.oracles] == [("answer", "failed")]


def test_an_oracle_that_is_not_there_is_a_problem_of_the_configuration() -> None:
    with pytest.raises(ConfigError, match=r"check\.oracles: 'nowhere:X' cannot be imported"):
        load_oracles(["minbpe", "nowhere:X"])


def test_a_first_decode_that_is_repaired_later_does_not_count() -> None:
    first = DECODE.replace(', errors="replace"', "")
    report = check(cells(CELLS["stats"], CELLS["merge"], CELLS["loop"], first, DECODE))
    decode = by_name(report)["decode"]
    assert (decode.status, decode.cell) == ("passed", 5)
    assert "the first version, in cell 4, did not: decode([128]) raises" in decode.detail


def test_encode_is_judged_again_when_the_merges_change() -> None:
    report = check(
        cells(CELLS["stats"], CELLS["merge"], "merges = {(97, 97): 256}", ENCODE, CELLS["loop"])
    )
    assert by_name(report)["encode"].cell == 5
