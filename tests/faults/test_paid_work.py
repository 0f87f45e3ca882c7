"""Killed where work is dear: windows of speech are not heard again, replies not asked for again."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import demo
from pipeline.engine.files import decode_line
from pipeline.llm.chat import ModelReply, ModelRequest, Tokens, user
from pipeline.llm.reply_store import ReplyStore, read_all
from tests.conftest import make_media
from tests.faults.runs import LONG, Run, contents, litter, wait_for
from tests.servers.chat import ChatServer, good_writer
from tests.tally import Tally

MICRO = Path(__file__).parents[1] / "data" / "micro-whisper" / "micro-en.pt"
BATCH = 4  # windows that are heard together, on a CPU


def test_windows_heard_before_kill_9_are_not_heard_again(tmp_path: Path, tally: Tally) -> None:
    pytest.importorskip("faster_whisper")
    pytest.importorskip("whisper")
    from pipeline.transcript.asr.engines.checkpoint import convert

    model = convert(MICRO, tmp_path / "model")
    # The sound alone: there is no screen to read names from.
    talk = make_media(tmp_path / "talk.m4a", "-i", str(demo.video()), "-vn", "-c", "copy")
    listening = (
        *("--set", "transcribe.engine=faster-whisper", "--set", f"transcribe.model={model}"),
        *("--set", "transcribe.threads=1", "--until", "transcribe"),
    )

    def heard(output: Path) -> list[str]:
        """The windows that were put down, in order, also those that were heard twice."""
        (lines,) = [path.read_text() for path in output.glob("*/transcribe/work/windows.jsonl")]
        return [decode_line(line)["key"] for line in lines.splitlines() if line]

    whole = Run(talk, tmp_path / "whole", *listening, tmp=tmp_path / "tmp")
    assert whole.finish() == ["download", "screens", "transcribe"]
    total = heard(tmp_path / "whole")
    assert len(total) == len(set(total)) >= 2 * BATCH

    output = tmp_path / "output"
    run = Run(talk, output, *listening, tmp=tmp_path / "tmp")
    wait_for(
        lambda: any(output.glob("*/transcribe/work/*.jsonl")) or run.process.poll() is not None,
        "a window",
    )
    run.kill()
    kept = heard(output)
    assert kept
    last = Run(talk, output, *listening, tmp=tmp_path / "tmp")
    assert last.finish() == (["transcribe"] if len(kept) < len(total) else last.begun())
    # At most the batch that was being put down when the run was killed is heard again.
    again = [key for key in heard(output)[len(kept) :] if key in kept]
    assert len(again) < BATCH
    assert set(heard(output)) == set(total)
    assert contents(output) == contents(tmp_path / "whole")
    assert litter(output, tmp_path / "tmp") == []
    tally.survived("kill -9")


def test_replies_paid_before_kill_9_are_not_asked_for_again(
    narrated_video: Path, tmp_path: Path, tally: Tally
) -> None:
    with ChatServer(good_writer, delay_s=0.3) as server:
        asking = (
            *("--set", f"llm.base_url={server.base_url}", "--set", "llm.model=m"),
            *("--set", "screens.ocr=false", "--set", "llm.concurrency=1"),
        )
        Run(narrated_video, tmp_path / "whole", *asking, tmp=tmp_path / "tmp").finish()
        count = len(server.requests)
        output = tmp_path / "output"
        for number in range(count + 1 if LONG else 2):
            server.requests.clear()
            run = Run(narrated_video, output, *asking, tmp=tmp_path / "tmp")
            answered = server.answered + number % 2  # while it waits for an answer, or has one

            def is_there(run: Run = run, answered: int = answered) -> bool:
                called = bool(server.requests) and server.answered >= answered
                return called or run.process.poll() is not None

            wait_for(is_there, "a call")
            run.kill()
            tally.survived("kill -9")
        server.requests.clear()
        before = replies(output)
        Run(narrated_video, output, *asking, tmp=tmp_path / "tmp").finish()
        after = replies(output)
        assert before.items() <= after.items()
        assert len(server.requests) == len(after) - len(before), "a kept reply was asked for again"
    assert contents(output) == contents(tmp_path / "whole")
    assert litter(output, tmp_path / "tmp") == []


def replies(output: Path) -> dict[str, bytes]:
    """The replies that are kept, without the questions."""
    return {
        path.name: path.read_bytes()
        for path in output.glob("*/*/replies/*.md")
        if not path.name.endswith(".prompt.md")
    }


ASK = ModelRequest("section 1, draft", (user("What is a token?"),), 100)
ANSWER = ModelReply("A token is a piece of text [[s0001]].\n", "stop", Tokens(10, 0, 5), "m")


def test_a_reply_that_went_bad_on_the_disk_is_no_reply(tmp_path: Path, tally: Tally) -> None:
    ReplyStore(tmp_path).keep("0123456789abcdef0", ASK, ANSWER)
    (path,) = (path for path in tmp_path.glob("*.md") if ".prompt." not in path.name)
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        assert ReplyStore(tmp_path).find("0123456789abcdef0") in (None, ANSWER), place
    path.write_bytes(whole[:-10])
    assert ReplyStore(tmp_path).find("0123456789abcdef0") is None
    assert len(read_all(tmp_path)) == 1, "it was paid for all the same"
    ReplyStore(tmp_path).keep("0123456789abcdef0", ASK, ANSWER)
    assert path.read_bytes() == whole
    tally.survived("corrupt artifact", len(whole) + 1)


def test_a_reply_counts_as_new_also_when_the_clock_was_set_back(tmp_path: Path) -> None:
    finished_at = 4e9
    ReplyStore(tmp_path, finished_at).keep("0123456789abcdef0", ASK, ANSWER)
    found = ReplyStore(tmp_path, finished_at).find("0123456789abcdef0")
    assert found and not found.cached
