"""What a chapter's writer is told of earlier chapters: the same whatever is done first."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.book.make import BookRequest, BookResult, make_book
from pipeline.cli.main import main
from pipeline.engine.workspace import Workspace
from pipeline.writing.earlier_chapters import changes
from tests.book.courses import (
    PARTS,
    good_teacher,
    lay_out,
    model_config,
    part,
    prompts_for,
    settings_for,
)
from tests.book.engines.inline import InlineEngine
from tests.book.test_book import quiet
from tests.faults.runs import contents
from tests.recording import RecordingProgress
from tests.servers.chat import ChatServer, Incoming, Reaction, Refuse


def bound(
    course: Path, output: Path, server: ChatServer, *settings: str, seed: int | None = None
) -> BookResult:
    """The book of the course."""
    wish = BookRequest((str(course),), output)
    config = model_config(server, *settings)
    return make_book(wish, config, RecordingProgress(), quiet, InlineEngine(seed))


@dataclass(frozen=True)
class Written:
    """A course of three lectures and the book of it, which the server's model wrote."""

    course: Path
    output: Path
    server: ChatServer


@pytest.fixture(scope="module")
def written(narrated_video: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    folder = tmp_path_factory.mktemp("written")
    course = lay_out(folder / "Course", narrated_video, 1, 3)
    with ChatServer(good_teacher) as server:
        bound(course, folder / "out", server)
        yield Written(course, folder / "out", server)


def test_the_third_chapter_s_writer_knows_the_first_two_and_the_first_one_s_nothing(
    written: Written,
) -> None:
    server = written.server
    assert prompts_for(server, 1)
    assert not any("earlier-chapters" in text for text in prompts_for(server, 1))
    assert prompts_for(server, 3)
    for text in prompts_for(server, 3):
        rules, listed = text.split("# Earlier chapters", 1)[1].split("<earlier-chapters>\n", 1)
        assert listed.split("</earlier-chapters>")[0].splitlines() == [
            "- Chapter of part one: token",
            "- Chapter of part two: pair",
        ]
        said = " ".join(rules.split())
        assert "Do not explain such a term again" in said
        assert "recall it in one clause" in said and "the program links it to the passage" in said
        assert "What this lecture adds is new and is written in full" in said


@pytest.mark.parametrize("seed", [1, 2])
def test_chapters_are_the_same_whichever_step_is_done_first(
    written: Written, tmp_path: Path, seed: int
) -> None:
    bound(written.course, tmp_path / "out", written.server, seed=seed)
    assert contents(tmp_path / "out") == contents(written.output)


def test_what_is_there_only_later_rewrites_no_paid_chapter_unless_that_is_wished(
    written: Written, tmp_path: Path
) -> None:
    def first_fails(incoming: Incoming) -> Reaction:
        if incoming.task == "outline" and part(incoming) == 1:
            return Refuse(400, "not this one")
        return good_teacher(incoming)

    course, output = written.course, tmp_path / "out"
    with ChatServer(first_fails) as server:

        def asked_for(*settings: str) -> set[int]:
            """The parts that the model is asked about by another run of the book."""
            before = len(server.requests)
            bound(course, output, server, *settings)
            return {part(one) for one in server.requests[before:]}

        made = bound(course, output, server)
        assert [one.chapter for one in made.record.entries] == [None, 1, 2]
        second, third = (output / one.id for one in made.record.entries[1:])
        text = (third / "write" / "article.json").read_bytes()
        assert not (second / "write" / "earlier.json").exists()

        server.script = good_teacher
        assert asked_for() == {1}
        assert (third / "write" / "article.json").read_bytes() == text
        assert changes(Workspace(third)) == "new: “Chapter of part one”"
        assert changes(Workspace(second)) == "new: “Chapter of part one”"
        remark = "(earlier chapters changed since it was written: new: “Chapter of part one”)"
        assert re.search(rf"write +fresh +{re.escape(remark)}", status(output, third.name, server))
        make_alone(output, third, server)  # the command for one lecture says and asks the same
        assert (third / "write" / "article.json").read_bytes() == text

        assert asked_for("write.follow_book=true") == {2, 3}
        assert "part one" in (third / "write" / "earlier.json").read_text(encoding="utf-8")
        assert changes(Workspace(third)) == ""
        assert asked_for() == asked_for("write.follow_book=true") == set()


def test_a_lecture_put_in_front_or_taken_away_renumbers_and_redoes_nothing(
    written: Written, narrated_video: Path, tmp_path: Path
) -> None:
    course, output, server = written.course, written.output, written.server
    before = manifests(output)
    lay_out(course, narrated_video, 0, 0)
    asked = len(server.requests)
    made = bound(course, output, server)
    assert [one.title.split()[-1] for one in made.record.entries] == [*PARTS[:4]]
    assert [one.chapter for one in made.record.entries] == [1, 2, 3, 4]
    assert {part(one) for one in server.requests[asked:]} == {0}
    assert manifests(output).items() >= before.items()
    page = (made.index.parent / made.record.entries[1].id / "render" / "index.html").read_text()
    assert "Chapter 2 of 4" in page

    for gone in ("lecture-0.mp4", "lecture-1.mp4"):
        (course / gone).unlink()
    asked, before = len(server.requests), manifests(output)
    made = bound(course, output, server)
    assert [one.title.split()[-1] for one in made.record.entries] == ["two", "three"]
    assert [one.chapter for one in made.record.entries] == [1, 2]
    assert len(made.record.removed) == 2
    assert len(server.requests) == asked and manifests(output) == before


def manifests(output: Path) -> dict[str, int]:
    """When each stage was finished."""
    found = output.glob("*/*/manifest.json")
    return {str(path.relative_to(output)): path.stat().st_mtime_ns for path in found}


def status(output: Path, name: str, server: ChatServer) -> str:
    return command(output, server, "status", name)


def make_alone(output: Path, lecture: Path, server: ChatServer) -> None:
    before, asked = manifests(output), len(server.requests)
    source = re.findall(r'"source": "([^"]+)"', (lecture / "source.json").read_text())[0]
    assert command(output, server, "run", source).strip().endswith("index.html")
    assert manifests(output) == before and len(server.requests) == asked


def command(output: Path, server: ChatServer, *words: str) -> str:
    """What a command prints."""
    said = io.StringIO()
    settings = [f"--set={one}" for one in settings_for(server)]
    with contextlib.redirect_stdout(said):
        assert main([*words, "--output", str(output), "--config", "/dev/null", *settings]) == 0
    return said.getvalue()
