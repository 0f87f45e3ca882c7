"""Replies on disk: nothing is paid for twice, and a user can read what was asked and answered.

Each reply is one Markdown file, ``<label>-<hash>.md``: a head of ``name: value`` lines, then the
reply as it came. The hash is of everything that was sent. The head ends in a checksum of the rest;
what was corrupted on the disk is asked for again. Beside it, ``.prompt.md`` holds the question. The
same folder served as a recording (``--replay``) answers without a server.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.engine.files import write_atomic
from pipeline.engine.stage_names import StageName
from pipeline.errors import LLMError
from pipeline.llm.chat import ModelReply, ModelRequest, Tokens

# The stages that ask a model.
ASKING: tuple[StageName, ...] = ("outline", "write", "check")

_FENCE = "---\n"
_SHORT = 16  # hex digits, 64 bits: no two of a million replies share them by chance
_CHECKSUM = "checksum: "  # recordings of other makers may have none


def reply_folders(lecture: Path) -> tuple[Path, ...]:
    """Where all who ask for the ``lecture`` keep their replies: its stages, and questions to it."""
    return tuple(lecture / name / "replies" for name in (*ASKING, "ask"))


@dataclass(frozen=True)
class Recorded:
    """One reply on disk. ``whole`` is false where its checksum does not fit: it was paid for, and
    is not to be used."""

    key: str
    label: str
    answer: ModelReply
    path: Path
    whole: bool = True


class ReplyStore:
    """The replies of one stage.

    Args:
        folder: where they lie; made when the first one is written.
        finished_at: when the stage was last finished (seconds since the epoch), or None. Replies
            from before count as not paid for by this run; replies that a killed run paid for count
            as this run's own, so that resuming gives the same account as not having been killed.
    """

    def __init__(self, folder: Path, finished_at: float | None = None) -> None:
        self._folder = folder
        self._finished_at = finished_at
        self._by_key = {record.key: record for record in read_all(folder) if record.whole}

    def find(self, key: str) -> ModelReply | None:
        """The reply to exactly this question, or None."""
        record = self._by_key.get(key)
        if record is None:
            return None
        earlier = self._finished_at is not None and record.path.stat().st_mtime <= self._finished_at
        return _with_cached(record.answer, earlier)

    def keep(self, key: str, ask: ModelRequest, answer: ModelReply) -> None:
        """Write a reply; it is on disk when this returns."""
        slug = re.sub(r"[^a-z0-9]+", "-", ask.label.lower()).strip("-")
        path = self._folder / f"{slug}-{key[:_SHORT]}.md"
        write_atomic(path.with_suffix(".prompt.md"), _prompt_text(ask).encode("utf-8", "replace"))
        write_atomic(path, _to_text(key, ask.label, answer).encode("utf-8", "surrogatepass"))
        if self._finished_at is not None and path.stat().st_mtime <= self._finished_at:
            # The clock was set back since: this reply is nevertheless of this run.
            os.utime(path, (self._finished_at + 1, self._finished_at + 1))
        self._by_key[key] = Recorded(key, ask.label, answer, path)

    def drop(self, label: str) -> None:
        """Forget the replies with this label, and what continues them (``<label>, continued 1``);
        they stay readable as ``.refused``."""
        for key, record in list(self._by_key.items()):
            if record.label == label or record.label.startswith(f"{label}, "):
                del self._by_key[key]
                record.path.replace(record.path.with_suffix(".refused"))


class Replay:
    """Recorded replies in the place of a server.

    A question that was recorded word for word gets its reply. Else the reply of the same label is
    served: reading text off pictures differs a little from machine to machine, and what is replayed
    goes through the same checks as what is freshly written.

    Raises:
        LLMError: the folder holds no replies.
    """

    def __init__(self, folder: Path) -> None:
        records = read_all(folder)
        # A stage that asked nothing when the recording was made has no folder in it.
        known = records or [
            record for path in folder.parent.glob("*/") for record in read_all(path)
        ]
        if not known:
            raise LLMError(f"{folder} holds no recorded replies", "give --replay another folder")
        self.folder = folder
        self.model = known[0].answer.model
        self._by_key = {record.key: record for record in records}
        self._by_label = {record.label: record for record in records}
        self.inexact = 0

    def find(self, key: str, label: str) -> ModelReply | None:
        """The recorded reply, or None when this part was not recorded."""
        record = self._by_key.get(key)
        if record is None:
            record = self._by_label.get(label)
            self.inexact += record is not None
        return _with_cached(record.answer, True) if record else None

    def holds(self, label: str) -> bool:
        """Whether a reply with this label was recorded."""
        return label in self._by_label


def recording_hash(folder: str) -> str:
    """What a recording is recognised by: its names and replies, wherever it lies."""
    digest = hashlib.sha256()
    for path in sorted(Path(folder).rglob("*.md")):
        digest.update(path.name.encode("utf-8", "surrogatepass") + path.read_bytes())
    return digest.hexdigest()


def read_all(folder: Path) -> list[Recorded]:
    """All replies in ``folder`` in order of file name; damaged ones are passed over."""
    if not folder.is_dir():
        return []
    records = []
    for path in sorted(folder.glob("*.md")):
        if path.name.endswith(".prompt.md"):
            continue
        try:
            text = path.read_bytes().decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            continue
        if record := _from_text(text, path):
            records.append(record)
    return records


def _to_text(key: str, label: str, answer: ModelReply) -> str:
    head = {
        "key": key,
        "label": label,
        "model": answer.model,
        "finish": answer.finish,
        "tokens_sent": answer.tokens.sent,
        "tokens_cached": answer.tokens.cached,
        "tokens_received": answer.tokens.received,
    }
    lines = "".join(f"{name}: {value}\n" for name, value in head.items())
    checksum = f"{_CHECKSUM}{_checksum(lines, answer.text)}\n"
    return f"{_FENCE}{lines}{checksum}{_FENCE}{answer.text}"


def _checksum(lines: str, body: str) -> str:
    return hashlib.sha256((lines + body).encode("utf-8", "surrogatepass")).hexdigest()[:_SHORT]


def _is_whole(head: str, body: str) -> bool:
    lines, found, checksum = head.rpartition(_CHECKSUM)
    return not found or checksum.strip() == _checksum(lines, body)


def _from_text(text: str, path: Path) -> Recorded | None:
    if not text.startswith(_FENCE):
        return None
    head, separator, body = text[len(_FENCE) :].partition(_FENCE)
    if not separator:
        return None
    fields = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    try:
        counts = [int(fields[f"tokens_{name}"]) for name in ("sent", "cached", "received")]
        tokens = Tokens.read(counts)
        if tokens is None:
            return None
        answer = ModelReply(body, fields["finish"], tokens, fields["model"])
        return Recorded(fields["key"], fields["label"], answer, path, _is_whole(head, body))
    except (KeyError, ValueError):
        return None


def _prompt_text(ask: ModelRequest) -> str:
    return "\n\n".join(f"<!-- {message.role} -->\n\n{message.text}" for message in ask.messages)


def _with_cached(answer: ModelReply, cached: bool) -> ModelReply:
    return ModelReply(answer.text, answer.finish, answer.tokens, answer.model, cached)
