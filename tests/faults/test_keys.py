"""A marked secret in every place that a secret can come from; afterwards it is nowhere else: not in
what was said, not in a file, not on a command line, not in what cells and ffmpeg can see."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

import pytest

from pipeline.cells.sandbox.selection import describe
from pipeline.cli.main import main
from pipeline.engine.stage import Request
from pipeline.errors import ConfigError
from pipeline.redaction import public_url, redact
from pipeline.settings.config import load_config
from pipeline.sources import resolve
from tests.servers.chat import ChatServer, Incoming, Reaction, Refuse, Reply, good_writer
from tests.servers.media import MediaServer, Page
from tests.shared import ROOT
from tests.tally import Tally

MARK = "MARKED"
KEY = "sk-MARKED-key-of-the-model"
KIND = "marked secret"
# Programs that must be given no secret in their environment.
_STRANGERS = re.compile(rb"ffmpeg|bwrap|inside\.worker|deno|node")

SPY = f"""
```python
import glob, os
seen = str(dict(os.environ))
for path in glob.glob("/proc/*/environ") + glob.glob("/proc/*/cmdline"):
    try:
        seen += open(path, "rb").read().decode("utf-8", "replace")
    except OSError:
        pass
print("{MARK[:3]}" + "{MARK[3:]}" in seen, len(seen) > 0)
```
"""


@dataclass
class Harness:
    """Runs the real program with secrets everywhere; all it says and leaves is looked through."""

    folder: Path
    said: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for name in ("home", "tmp", "output", "given"):
            (self.folder / name).mkdir(parents=True)
        self.cookies = self.folder / "given" / "cookies.txt"
        self.cookies.write_text(
            "# Netscape HTTP Cookie File\n"
            "127.0.0.1\tFALSE\t/\tFALSE\t2147483647\tsession\tcookie-MARKED\n"
        )
        self.config = self.folder / "given" / "config.yaml"
        self.configure("")

    def configure(self, more: str) -> None:
        self.config.write_text(
            "serve:\n  token: token-MARKED-of-serve\n  port: 0\n"
            f"download:\n  cookies: {self.cookies}\n" + more
        )

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "HOME": str(self.folder / "home"),
            "XDG_CACHE_HOME": str(self.folder / "home" / "cache"),
            "TMPDIR": str(self.folder / "tmp"),
            "OPENAI_API_KEY": KEY,
            "ANTHROPIC_API_KEY": "sk-ant-MARKED",
            "HF_TOKEN": "hf_MARKED_token",
        }

    def start(self, *words: str, given: str = "") -> subprocess.Popen[str]:
        """Start a command; ``given`` is its standard input."""
        command = [sys.executable, "-m", "pipeline", *words]
        process = subprocess.Popen(
            [*command, "--output", str(self.folder / "output"), "--config", str(self.config)],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert process.stdin
        process.stdin.write(given)
        process.stdin.close()
        return process

    def run(self, *words: str, given: str = "", status: int = 0) -> str:
        """Run a command to its end and return what it said, on both streams."""
        process = self.start(*words, given=given)
        assert process.stdout
        with watching(process.pid, self.seen):
            said = process.stdout.read()
        assert process.wait() == status, said
        self.said.append(said)
        return said

    def call(self, *words: str, status: int = 0) -> str:
        """Run a command in this process: quicker, where nobody needs to watch it."""
        said = io.StringIO()
        common = ["--output", str(self.folder / "output"), "--config", str(self.config)]
        with (
            mock.patch.dict(os.environ, self.environment),
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(said),
        ):
            assert main([*words, *common]) == status, said.getvalue()
        self.said.append(said.getvalue())
        return said.getvalue()

    def assert_clean(self) -> None:
        """Nothing marked was said or left, and no process that was started showed it."""
        assert not [line for text in self.said for line in text.splitlines() if MARK in line]
        for name in ("home", "tmp", "output"):
            for path in (self.folder / name).rglob("*"):
                assert MARK not in str(path)
                if path.is_file():
                    assert MARK.encode() not in path.read_bytes(), path
        assert not self.seen


@contextlib.contextmanager
def watching(root: int, seen: set[str]) -> Iterator[None]:
    """Look at every process that ``root`` starts, as other users and its own cells could."""
    ended = threading.Event()

    def look() -> None:
        while not ended.is_set():
            for pid in descendants(root):
                with contextlib.suppress(OSError):
                    words = Path(f"/proc/{pid}/cmdline").read_bytes()
                    if MARK.encode() in words:
                        seen.add(f"command line: {words!r}")
                    stranger = _STRANGERS.search(words.partition(b"\0")[0] + words[-600:])
                    if stranger and MARK.encode() in Path(f"/proc/{pid}/environ").read_bytes():
                        seen.add(f"environment of {words[:80]!r}")
            time.sleep(0.03)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def descendants(root: int) -> list[int]:
    """The processes below ``root``."""
    found = []
    for listed in Path("/proc").glob(f"{root}/task/*/children"):
        with contextlib.suppress(OSError):
            for child in map(int, listed.read_text().split()):
                found += [child, *descendants(child)]
    return found


@pytest.fixture
def harness(tmp_path: Path) -> Harness:
    return Harness(tmp_path)


def spy(incoming: Incoming) -> Reaction:
    """A server that writes well, spies through a cell, and sends the key back."""
    reply = good_writer(incoming)
    if incoming.task != "chunk" or not isinstance(reply, Reply):
        return reply
    return Reply(f"{reply.text}\n\nThe key is {KEY}.\n{SPY}")


def test_a_chapter_by_a_model_that_spies(
    harness: Harness, narrated_video: Path, tmp_path: Path, tally: Tally
) -> None:
    video = shutil.copy(narrated_video, tmp_path / "given" / "lecture.mp4")
    for path in narrated_video.parent.glob(f"{narrated_video.stem}.*"):
        shutil.copy(path, tmp_path / "given" / path.name.replace(narrated_video.stem, "lecture"))
    with ChatServer(spy) as server:
        address = server.base_url.replace("http://", "http://me:pass-MARKED@")
        harness.configure(
            f"llm:\n  base_url: {address}?api_key=query-MARKED\n"
            "  model: scripted\n  vision: false\n"
        )
        harness.run("run", str(video), "--debug")
        assert {"chunk", "outline"} <= set(server.tasks())
        (lecture,) = (tmp_path / "output").glob("*/source.json")
        name = lecture.parent.name
        harness.call("status", "--json")
        harness.call("estimate", name)
        harness.call("doctor")
        harness.call("config")
        for format in ("html", "epub", "ipynb"):
            harness.call("export", name, "--format", format)
        server.script = lambda incoming: Refuse(401, f"Incorrect API key provided: {KEY}")
        again = ("--force", "write", "--set", "write.instructions=again")
        said = harness.call("run", str(video), *again, "--debug", status=1)
        assert "answered 401: Incorrect API key provided: ***" in said
    report = (lecture.parent / "check" / "report.json").read_text()
    if describe().usable:
        assert "False True" in report
    harness.assert_clean()
    # The replies, played as a recording, are as clean.
    for stage in ("outline", "write"):
        shutil.copytree(lecture.parent / stage / "replies", tmp_path / "given" / "rec" / stage)
    harness.call("run", str(video), "--force", "write", "--replay", str(tmp_path / "given" / "rec"))
    harness.assert_clean()
    tally.survived(KIND, 8)


def test_an_address_with_a_password_and_a_token(
    harness: Harness, tiny_video: Path, media_server: MediaServer, tally: Tally
) -> None:
    media_server.pages["/talk.mp4"] = Page(tiny_video.read_bytes(), "video/mp4")
    captions = "WEBVTT\n\n00:00.000 --> 00:08.000\nHello there everyone\n"
    media_server.pages["/talk.vtt"] = Page(captions.encode(), "text/vtt")
    start = media_server.url("/").replace("http://", "http://me:pass-MARKED@").rstrip("/")
    address = f"{start}/talk.mp4?id=7&token=tok-MARKED&X-Amz-Signature=sig-MARKED"
    # From standard input: what a person types is on the command line for all to see.
    harness.run("run", "-", "--until", "download", "--debug", given=address)
    (video,) = (harness.folder / "output").glob("*/download/video.json")
    assert '/talk.mp4?id=7"' in video.read_text()
    name = video.parent.parent.name
    harness.call("status", name)
    harness.call("stage", "download", name)
    gone = address.replace("talk.mp4", "gone.mp4")
    assert "***@" in harness.call("run", gone, "--until", "download", "--debug", status=1)
    listed = harness.folder / "given" / "list.txt"
    listed.write_text(f"{gone}\n")
    harness.call("book", str(listed), "--debug", status=1)
    harness.assert_clean()
    tally.survived(KIND, 5)


def test_a_job_of_the_web_form(
    harness: Harness, tiny_video: Path, media_server: MediaServer, tally: Tally
) -> None:
    media_server.pages["/talk.mp4"] = Page(tiny_video.read_bytes(), "video/mp4")
    start = media_server.url("/").replace("http://", "http://me:pass-MARKED@").rstrip("/")
    address = f"{start}/missing.mp4?id=7&token=tok-MARKED"
    harness.config.write_text(
        harness.config.read_text().replace("serve:\n", "serve:\n  private_addresses: allow\n")
    )
    process = harness.start("serve")
    assert process.stdout
    with watching(process.pid, harness.seen):
        line = process.stdout.readline()
        harness.said.append(line)
        found = re.search(r"http://127\.0\.0\.1:\d+/", line)
        assert found, line
        headers = {"Cookie": "lecture-token=token-MARKED-of-serve", "Accept": "application/json"}
        body = urllib.parse.urlencode({"source": address}).encode()
        request = urllib.request.Request(f"{found[0]}jobs", body, headers)
        assert urllib.request.urlopen(request).status == 201
        events = urllib.request.Request(f"{found[0]}jobs/events", headers=headers)
        with urllib.request.urlopen(events) as stream:
            for event in stream:
                harness.said.append(event.decode())
                if '"failed"' in event.decode():
                    break
    assert any("missing.mp4" in text for text in harness.said)
    assert (harness.folder / "output" / ".jobs").stat().st_mode & 0o077 == 0
    process.terminate()
    harness.said.append(process.stdout.read())
    process.wait()
    harness.assert_clean()
    tally.survived(KIND, 3)


@pytest.mark.parametrize(
    "override",
    [
        "OPENAI_API_KEY=sk-MARKED",
        "llm.api_key=sk-MARKED",
        "llm=sk-MARKED",
        "llm.base_url=[sk-MARKED]",
        "serve.token=[sk-MARKED]",
        "serve.token.x=sk-MARKED",
        "download.proxy=[http://me:pw-MARKED@proxy]",
        "download.cookies={a: MARKED}",
    ],
)
def test_a_wrong_setting_does_not_repeat_its_value(override: str, tally: Tally) -> None:
    with pytest.raises(ConfigError) as raised:
        load_config(overrides=["serve.token=abcdefgh", override], environment={})
    assert MARK not in str(raised.value) and MARK not in str(raised.value.problems)
    tally.survived(KIND)


@pytest.mark.parametrize(
    "text", ['serve:\n  token: "sk-MARKED\n', "serve: {token: sk-MARKED: x]", "- sk-MARKED", "\x00"]
)
def test_a_broken_file_of_settings_is_not_repeated(text: str, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(text)
    with pytest.raises(ConfigError) as raised:
        load_config(tmp_path / "config.yaml", environment={})
    assert MARK not in str(raised.value)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:pw@a.example/x?v=1", "https://a.example/x?v=1"),
        ("https://me@a.example:8443/x", "https://a.example:8443/x"),
        ("https://a.example/x?token=1&v=2&sig=3", "https://a.example/x?v=2"),
        ("https://a.example/x?X-Amz-Signature=1", "https://a.example/x"),
        ("https://a.example/x#access_token=1", "https://a.example/x"),
        ("https://a.example/x#t=30", "https://a.example/x#t=30"),
        ("https://www.youtube.com/watch?v=abc&list=PL1&t=3", None),
        ("https://vimeo.com/123?h=0123abcd", None),
        ("https://a.example/x?keyword=1&monkey=2&tokens=3&author=4&sign=5", None),
        ("/home/me/a@b?token=1.mp4", None),
    ],
)
def test_an_address_keeps_all_that_is_no_secret(url: str, shown: str | None) -> None:
    assert public_url(url) == (shown or url)


def test_text_keeps_all_that_is_no_secret() -> None:
    text = "mail me@a.example about https://a.example/x?v=1 (see http://b.example/@user)"
    assert redact(text, {}) == text
    assert redact("key sk-1234567 and none", {"OPENAI_API_KEY": "sk-1234567"}) == "key *** and none"
    assert redact("none of it", {"OPENAI_API_KEY": "none"}) == "none of it"


def test_an_address_is_remembered_without_its_secrets_and_used_with_them(tmp_path: Path) -> None:
    address = "https://me:pass-MARKED@a.example/x.mp4?id=7&token=tok-MARKED"
    workspace = resolve.open_source(tmp_path, Request(address))
    assert MARK not in (workspace.root / "source.json").read_text()
    assert resolve.open_existing(tmp_path, workspace.video_id)[1].source == public_url(address)
    # Named again, the address is whole.
    assert resolve.open_existing(tmp_path, address)[1].source == address
