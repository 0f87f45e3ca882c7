"""The model's server in every kind of trouble: a whole chapter, or one clear error and a next run
that finishes it; no reply that was kept is ever asked for again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.document.article import Article, FidelityReport
from pipeline.document.walk import cited as cited_by
from pipeline.errors import LLMError
from pipeline.llm.chat import key_of
from pipeline.llm.reply_store import read_all
from tests.faults import writing
from tests.servers.chat import ChatServer, Incoming, Reaction, good_writer
from tests.servers.faulty import BAD_TEXT, FINAL, PASSING, QUICK, Faulty, endless
from tests.tally import Tally

KIND = "model server fault"
SEGMENTS = [f"s{number:04d}" for number in range(1, writing.COUNT + 1)]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Article:
    """The chapter as a server without trouble gives it."""
    with ChatServer(good_writer) as server:
        return writing.write(tmp_path_factory.mktemp("undisturbed"), server.base_url)[0]


@dataclass
class Next:
    """A healthy server for the run after a fault; it counts replies that were kept already."""

    kept: frozenset[str]
    again: int = 0

    def __call__(self, incoming: Incoming) -> Reaction:
        self.again += key_of(incoming.body, 0) in self.kept
        return good_writer(incoming)


def kept_in(folder: Path) -> frozenset[str]:
    """The questions whose replies are on disk."""
    return frozenset(record.key for record in read_all(folder / "replies"))


def finish(folder: Path, tally: Tally) -> tuple[Article, FidelityReport]:
    """The next run, on a healthy server; it asks for nothing that is on disk."""
    script = Next(kept_in(folder))
    with ChatServer(script) as server:
        made = writing.write(folder, server.base_url)
    tally.lost(KIND, script.again)
    assert script.again == 0
    return made


def is_sound(made: tuple[Article, FidelityReport]) -> bool:
    """Every segment is cited or reported as missing, and nothing is cited that is not there."""
    article, report = made
    text = "\n".join(section.markdown for section in article.sections)
    spans = [one for part in article.sections for block in part.blocks for one in cited_by(block)]
    numbers = [(int(one.first[1:]), int(one.last[1:])) for one in spans]
    cited = {f"s{one:04d}" for first, last in numbers for one in range(first, last + 1)}
    missing = {name for section in report.sections for name in section.not_covered}
    assert not re.search(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]", text)
    assert text.count("\n```") % 2 == 0
    return cited <= set(SEGMENTS) and set(SEGMENTS) <= cited | missing


@pytest.mark.parametrize("name", sorted(PASSING))
def test_each_trouble_that_passes_leaves_no_trace(
    name: str, undisturbed: Article, tmp_path: Path, tally: Tally
) -> None:
    trouble = PASSING[name]

    def script(incoming: Incoming) -> Reaction:
        return trouble(incoming) if incoming.attempt == 1 else good_writer(incoming)

    # Only the first question of all meets it, else a stall would take a while.
    met: list[str] = []

    def first_only(incoming: Incoming) -> Reaction:
        if not met or incoming.key == met[0]:
            met.append(incoming.key)
            return script(incoming)
        return good_writer(incoming)

    with ChatServer(first_only) as server:
        patience = 60.0 if name in QUICK else 2.0
        assert writing.write(tmp_path, server.base_url, timeout_s=patience)[0] == undisturbed
    tally.survived(KIND)


@pytest.mark.parametrize("rate", [0.1, 0.3, 0.6])
@pytest.mark.parametrize("seed", [1, 2])
def test_troubles_that_pass_make_the_undisturbed_chapter(
    seed: int, rate: float, undisturbed: Article, tmp_path: Path, tally: Tally
) -> None:
    script = Faulty(seed, rate, QUICK)
    with ChatServer(script) as server:
        article, _ = writing.write(tmp_path, server.base_url)
        good = Counter(
            one.key for one in server.requests if key_of(one.body, 0) in kept_in(tmp_path)
        )
    assert article == undisturbed
    assert good.total() == len(good) + script.played.total()
    tally.survived(KIND, script.played.total())


@pytest.mark.parametrize("name", sorted(FINAL))
def test_each_final_trouble_names_the_section_and_the_next_run_finishes(
    name: str, undisturbed: Article, tmp_path: Path, tally: Tally
) -> None:
    trouble = FINAL[name]

    def script(incoming: Incoming) -> Reaction:
        is_it = incoming.task == "chunk" and "s0009" in dict(incoming.segments)
        return trouble(incoming) if is_it else good_writer(incoming)

    with ChatServer(script) as server:
        with pytest.raises(LLMError, match=r"^section 2, part 1") as failed:
            writing.write(tmp_path, server.base_url)
        # What will not pass is not asked again and again.
        asked = Counter(one.key for one in server.requests)
        assert max(asked.values()) <= 2
    assert "\n" not in str(failed.value)
    assert finish(tmp_path, tally)[0].sections == undisturbed.sections
    tally.survived(KIND)


@pytest.mark.parametrize("name", sorted(BAD_TEXT))
def test_bad_text_is_repaired_or_reported(name: str, tmp_path: Path, tally: Tally) -> None:
    script = Faulty(0, 1.0, {name: BAD_TEXT[name]}, chunks_only=True)
    with ChatServer(script) as server:
        try:
            made = writing.write(tmp_path, server.base_url)
        except LLMError as error:
            assert str(error).startswith("section ")
            made = finish(tmp_path, tally)
    assert is_sound(made)
    tally.survived(KIND, script.played.total())


@pytest.mark.parametrize("rate", [0.1, 0.3, 0.6])
@pytest.mark.parametrize("seed", [3, 4, 5])
def test_everything_mixed_ends_in_a_sound_chapter(
    seed: int, rate: float, tmp_path: Path, tally: Tally
) -> None:
    script = Faulty(seed, rate, {**QUICK, **FINAL, **BAD_TEXT})
    with ChatServer(script) as server:
        try:
            made = writing.write(tmp_path, server.base_url)
        except LLMError as error:
            assert str(error).startswith("section "), error
            made = finish(tmp_path, tally)
    assert is_sound(made)
    tally.survived(KIND, script.played.total())


def test_killed_in_the_middle_of_troubles_no_kept_reply_is_asked_again(
    undisturbed: Article, tmp_path: Path, tally: Tally
) -> None:
    faulty = Faulty(6, 0.3, QUICK)
    for kill_at in _kill_moments():
        process = None
        kept = kept_in(tmp_path)

        def script(incoming: Incoming) -> Reaction:
            assert key_of(incoming.body, 0) not in kept  # noqa: B023
            if incoming.number == kill_at and process:  # noqa: B023
                process.kill()  # noqa: B023
            return faulty(incoming)

        with ChatServer(script, delay_s=0.05) as server:
            process = writing.start(tmp_path, server.base_url)
            process.communicate(timeout=120)
            assert kept.isdisjoint(key_of(one.body, 0) for one in server.requests)
    assert finish(tmp_path, tally)[0] == undisturbed
    tally.survived("kill -9", 3)
    tally.survived(KIND, faulty.played.total())


def _kill_moments() -> Iterator[int]:
    """The number of the request during which the program is killed."""
    yield from (3, 6, 9)


def test_giant_replies_take_no_memory(tmp_path: Path, tally: Tally) -> None:
    def giant(incoming: Incoming) -> Reaction:
        return endless(50) if incoming.attempt == 1 else good_writer(incoming)

    peaks = []
    for name, script in (("plain", good_writer), ("giant", giant)):
        with ChatServer(script) as server:
            process = writing.start(tmp_path / name, server.base_url)
            printed, _ = process.communicate(timeout=300)
            assert process.returncode == 0
        peaks.append(int(printed) / 1024)
    assert peaks[1] - peaks[0] < 50, f"{peaks} MiB"
    tally.survived(KIND, 12)
