"""The outline and write stages with a model: edits kept, one section redone, a language."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.artifacts import FIDELITY, OUTLINE, WRITTEN
from pipeline.document.article import Article
from pipeline.document.corrections import Correction
from pipeline.engine.stage import Request
from pipeline.engine.staleness import state_of
from pipeline.engine.workspace import Workspace, to_json
from pipeline.errors import UsageError
from pipeline.render.corrections import add_correction
from pipeline.runner import run_stage
from pipeline.settings.config import Config, load_config
from pipeline.stages import outline, write
from pipeline.writing.estimate import estimate
from tests.llm.remembering_progress import Heard
from tests.servers.chat import ChatServer, Incoming, Reaction, Reply, good_chunk, good_writer
from tests.writing import lecture

COUNT = 12


class Telling(Heard):
    """A listener to whole stages."""

    def stage_begins(self, name: str, why: str) -> None:
        pass

    def stage_ends(self, name: str, seconds: float) -> None:
        pass

    def stage_fresh(self, name: str) -> None:
        pass


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    root = tmp_path / "made-up"
    (root / "segment").mkdir(parents=True)
    (root / "download").mkdir()
    (root / "transcribe").mkdir()
    segments = lecture.segments(COUNT, root)
    (root / "segment/segments.json").write_bytes(to_json(segments))
    (root / "transcribe/transcript.json").write_bytes(to_json(lecture.transcript(COUNT)))
    (root / "download/video.json").write_bytes(to_json(lecture.video(COUNT)))
    return Workspace(root)


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer(good_writer) as running:
        yield running


def config(server: ChatServer, *settings: str) -> Config:
    base = [f"llm.base_url={server.base_url}", "llm.model=scripted", "llm.backoff_s=0.01"]
    return load_config(None, [*base, *settings], {})


def run(workspace: Workspace, settings: Config, request: Request | None = None) -> Telling:
    told = Telling()
    for stage in (outline.STAGE, write.STAGE):
        run_stage(stage, workspace, settings, request or Request("made-up"), told)
    return told


def redo(workspace: Workspace, settings: Config, section: int, wishes: str = "") -> None:
    request = Request("made-up", only_section=section, instructions=wishes)
    run_stage(write.STAGE, workspace, settings, request, Telling())


def article(workspace: Workspace) -> Article:
    return workspace.read(WRITTEN)


def test_the_stages_write_what_the_contract_names(workspace: Workspace, server: ChatServer) -> None:
    run(workspace, config(server))
    assert workspace.read(OUTLINE).edition == "llm"
    made = article(workspace)
    assert made.edition == "llm" and made.model == "scripted"
    assert made.usage.calls == len([one for one in server.requests if one.task != "outline"])
    assert made.usage.input_tokens > 0 and made.usage.output_tokens > 0
    report = workspace.read(FIDELITY)
    assert [entry.id for entry in report.sections] == [section.id for section in made.sections]
    files = sorted(path.name for path in (workspace.root / "write/sections").iterdir())
    assert [name[:3] for name in files] == ["01-", "02-", "03-"]


@pytest.mark.parametrize(
    "frame",
    [
        "<think>A draft: [[s0001]] {}</think>\n\nREPLY",
        "I plan it. [[s0001]]\n</think>\nREPLY<|im_end|>\n<|im_start|>user\nThanks!",
        "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>REPLY",
        "[THINK]Hm. [[s0001]][/THINK]Here is the section:\n\nREPLY\n\nLet me know if it fits!",
        "```markdown\n<think>Hm.</think>\nREPLY\n```",
        "<unused94>thought\nHm.<unused95>Jasne, oto sekcja:\n\nREPLY\n\n---\n\n(300 words)",
    ],
)
def test_a_chapter_is_the_same_whatever_a_model_puts_around_its_replies(
    frame: str, workspace: Workspace, tmp_path: Path
) -> None:
    def framed(incoming: Incoming) -> Reaction:
        plain = good_writer(incoming)
        assert isinstance(plain, Reply)
        return Reply(frame.replace("REPLY", plain.text))

    other = Workspace(tmp_path / "framed")
    shutil.copytree(workspace.root, other.root)
    made = []
    for place, script in ((workspace, good_writer), (other, framed)):
        with ChatServer(script) as server:
            run(place, config(server))
            made.append((article(place).sections, place.read(OUTLINE), server.tasks()))
    assert made[0] == made[1]


def test_what_shares_a_call_is_paid_once_whatever_is_edited_or_redone(
    workspace: Workspace, server: ChatServer
) -> None:
    run(workspace, config(server))
    assert server.tasks() == ["outline", "chunk"]
    path = sorted((workspace.root / "write/sections").iterdir())[0]
    path.write_text("My own words. [[s0001]]\n")
    redo(workspace, config(server), 2)
    assert len(server.requests) == 3
    assert len(server.requests[-1].parts) == 1
    assert "s0005" in dict(server.requests[-1].segments)
    redo(workspace, config(server), 3)
    assert len(server.requests) == 4
    first, second, third = article(workspace).sections
    assert first.markdown == "My own words. [[s0001]]\n"
    assert "[[s0005]]" in second.markdown and "[[s0009]]" in third.markdown


def test_a_correction_is_paid_for_only_where_the_stage_is_asked_for(
    workspace: Workspace, server: ChatServer
) -> None:
    settings, request = config(server), Request("made-up")
    run(workspace, settings)
    add_correction(workspace, Correction(wrong="topicaab", right="TopicAAB", start_ms=0, end_ms=9))
    add_correction(workspace, Correction(wrong="topicaac", right="Topic AAC"))
    assert state_of(write.STAGE, workspace, settings, request).state == "fresh"
    run_stage(write.STAGE, workspace, settings, request, Telling())
    redo(workspace, settings, 1)
    count = len(server.requests)
    assert "Topic AAC" not in server.requests[-1].text and count == 3
    run_stage(write.STAGE, workspace, settings, replace(request, stage_alone=True), Telling())
    asked = server.requests[count:]
    told = dict(segment for one in asked for segment in one.segments)
    assert "Topic AAC" in told["s0003"] and "topicaac" not in asked[0].text
    assert "topicaab" in told["s0002"]  # corrected elsewhere only
    count = len(server.requests)
    add_correction(workspace, Correction(wrong="topicaad", right="Topic AAD"))
    run_stage(write.STAGE, workspace, settings, request, Telling())  # with what was taken
    assert len(server.requests) == count
    assert state_of(write.STAGE, workspace, settings, request).state == "fresh"


def test_an_edited_section_is_kept_and_not_paid_for(
    workspace: Workspace, server: ChatServer
) -> None:
    run(workspace, config(server))
    path = sorted((workspace.root / "write/sections").iterdir())[1]
    path.write_text("My own words. [[s0005]]\n")
    before = len(server.requests)
    run(workspace, config(server, "write.detail=0.7"))
    assert article(workspace).sections[1].markdown == "My own words. [[s0005]]\n"
    assert path.read_text() == "My own words. [[s0005]]\n"
    asked = [one for one in server.requests[before:] if "s0005" in dict(one.segments)]
    assert not [one for one in asked if one.task == "chunk"]


def test_an_edited_outline_is_followed(workspace: Workspace, server: ChatServer) -> None:
    run(workspace, config(server))
    path = workspace.root / "outline/outline.json"
    path.write_text(path.read_text().replace("About", "All about"))
    before = server.tasks().count("outline")
    run(workspace, config(server))
    assert all(section.title.startswith("All about") for section in article(workspace).sections)
    assert server.tasks().count("outline") == before


def test_one_section_is_written_again_with_wishes(workspace: Workspace, server: ChatServer) -> None:
    run(workspace, config(server))
    first = article(workspace)

    def other(incoming: Incoming) -> Reaction:
        if incoming.task == "chunk":
            return Reply(good_chunk(incoming).replace("[[s0005]]", "Anew. [[s0005]]"))
        return good_writer(incoming)

    server.script = other
    before = len(server.requests)
    redo(workspace, config(server), 2, "more examples")
    asked = server.requests[before:]
    assert [one.task for one in asked] == ["chunk"]
    assert "more examples" in asked[0].text
    second = article(workspace)
    assert "Anew." in second.sections[1].markdown
    assert second.sections[0] == first.sections[0] and second.sections[2] == first.sections[2]
    # The whole stage finds the same reply later; asking again without wishes is a new take.
    run_stage(write.STAGE, workspace, config(server), Request("made-up"), Telling())
    assert article(workspace).sections == second.sections
    assert len(server.requests) == before + 1
    redo(workspace, config(server), 2)
    assert len(server.requests) == before + 2


def test_an_edited_or_unknown_section_is_not_written_again(
    workspace: Workspace, server: ChatServer
) -> None:
    run(workspace, config(server))
    with pytest.raises(UsageError, match="there is no section 9"):
        redo(workspace, config(server), 9)
    sorted((workspace.root / "write/sections").iterdir())[1].write_text("Mine.\n")
    with pytest.raises(UsageError, match="edited by hand"):
        redo(workspace, config(server), 2)


# Letters of simplified Chinese, to make up paragraphs that no check takes for each other.
SIMPLIFIED = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而"
    "方后多定行学法所民得经三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应"
    "开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道"
)


def test_a_chinese_chapter_from_an_english_lecture(workspace: Workspace) -> None:
    def made_up(name: str) -> str:
        return "".join(random.Random(name).choices(SIMPLIFIED, k=56))

    def chinese(incoming: Incoming) -> Reaction:
        if incoming.task == "chunk":
            return Reply(
                "\n\n".join(
                    f"我们在这里讨论词元化器如何把文本变成整数，{made_up(name)}。 [[{name}]]"
                    for name, _ in incoming.segments
                )
            )
        return good_writer(incoming)

    with ChatServer(chinese) as server:
        run(workspace, config(server, "write.language=zh"))
        assert "Write in Chinese" in server.requests[-1].text
        assert "translate its meaning" in server.requests[-1].text
    assert workspace.read(OUTLINE).language == "zh"
    report = workspace.read(FIDELITY)
    assert all(not section.not_covered for section in report.sections)
    assert "词元化器" in article(workspace).sections[0].markdown


def test_the_estimate_is_near_what_is_then_asked(workspace: Workspace, server: ChatServer) -> None:
    settings = config(server)
    before = estimate(workspace, settings, Request("made-up"))
    assert before.calls > 0 and before.paid == 0 and "calls" in before.describe()
    run(workspace, settings)
    sent = sum(len(one.text) // 4 + 425 * one.pictures for one in server.requests)
    assert 0.5 * sent < before.input_tokens < 2 * sent
    assert estimate(workspace, settings, Request("made-up")).paid == len(server.requests)
    priced = config(server, "llm.base_url=https://example.org/v1", "llm.model=gpt-4o")
    assert (estimate(workspace, priced, Request("made-up")).cost or 0) > 0
    plain = estimate(workspace, load_config(None, [], {}), Request("made-up"))
    assert (plain.edition, plain.calls, plain.cost) == ("transcript", 0, 0.0)


def test_a_repair_is_counted_as_what_it_sends(workspace: Workspace, server: ChatServer) -> None:
    (workspace.root / "segment/segments.json").unlink()
    long = lecture.video(COUNT).model_copy(update={"duration_ms": 7_200_000, "end_ms": 7_200_000})
    (workspace.root / "download/video.json").write_bytes(to_json(long))
    drafts = estimate(workspace, config(server, "write.repairs=0"), Request("made-up"))
    told = estimate(workspace, config(server), Request("made-up"))
    calls = told.calls - drafts.calls
    assert calls == round(drafts.calls / 3)
    assert told.input_tokens - drafts.input_tokens < 2_500 * calls


def test_a_killed_run_goes_on_without_repeating_a_call(
    workspace: Workspace, server: ChatServer, tmp_path: Path
) -> None:
    settings = config(server, "write.shared_words=0")
    command = [
        sys.executable,
        "-c",
        "import sys; from pathlib import Path; from tests.stages.test_written_by_model import *\n"
        "settings = load_config(None, sys.argv[2:], {})\n"
        "run(Workspace(Path(sys.argv[1])), settings)",
        str(workspace.root),
        f"llm.base_url={server.base_url}",
        "llm.model=scripted",
        "llm.concurrency=1",
        "write.shared_words=0",
    ]
    server.delay_s = 0.3
    child = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(Path.cwd())})
    while server.answered < 3 and child.poll() is None:
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()
    server.delay_s = 0.0
    time.sleep(0.5)
    replies = [*workspace.root.glob("*/replies/*.md")]
    kept = len([path for path in replies if not path.name.endswith(".prompt.md")])
    assert kept >= 2
    before = len(server.requests)
    run(workspace, settings)
    different = len({one.key for one in server.requests})
    assert len(server.requests) - before == different - kept
    resumed = (workspace.root / "write/article.json").read_bytes()

    whole = Workspace(tmp_path / "whole")
    for name in ("screens", "transcribe", "segment", "download"):
        (whole.root).mkdir(exist_ok=True)
        shutil.copytree(workspace.root / name, whole.root / name)
    run(whole, settings)
    assert (whole.root / "write/article.json").read_bytes() == resumed
