"""Lectures in 15 languages to transcript editions, and what a reader has a right to, checked.

    python -m tests.benchmarks.bench_languages FOLDER [LANGUAGE ...]

Makes a silent lecture of slides for each caption file of the shared material (its ``standin.py``),
converts it into FOLDER, and prints a table: spaces and marks inside words, sentence ends kept,
headings, the longest paragraph, what the search finds, the page's and the EPUB's language. Needs
LECTURE_SHARED, ffmpeg, Noto fonts, and Chromium for the search.
"""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import regex

from pipeline.artifacts import SEGMENTS, WRITTEN
from pipeline.document.article import Article
from pipeline.document.blocks import Figure, Heading, Paragraph
from pipeline.document.inline import words_of
from pipeline.document.walk import walk
from pipeline.engine.workspace import Workspace
from pipeline.i18n.page import direction
from pipeline.text.languages.known import language_of
from pipeline.text.phrases import phrases
from pipeline.text.punctuation import SENTENCE_ENDS
from pipeline.text.scripts import UNKNOWN, letters_by_script
from pipeline.text.units import word_count
from pipeline.text.words import is_letter, words
from pipeline.transcript.captions.read import read_captions
from pipeline.writing.transcript_edition.paragraphs import MAX_WORDS
from tests.shared import shared

LANGUAGES = "ar de en es fa fr he hi ja ko ru th tr vi zh".split()  # noqa: SIM905
_LONGEST_HEADING = 60
_CJK_SPACE = regex.compile(
    r"(?<=[\p{Han}\p{Hiragana}\p{Katakana}]) (?=[\p{Han}\p{Hiragana}\p{Katakana}])"
)
_LETTERS = regex.compile(r"[\p{L}\p{M}\p{N}\u200c]")
_END = regex.compile(rf"[{regex.escape(SENTENCE_ENDS)}؟।](?=[\s\p{{P}}]|$|\p{{Lo}})")


@dataclass
class Findings:
    """What was measured of one lecture; ``wrong`` names what breaks a promise."""

    language: str
    split: int = 0
    ends: str = ""
    headings: int = 0
    longest_heading: int = 0
    longest_paragraph: int = 0
    found: str = "-"
    wrong: list[str] = field(default_factory=list)

    def row(self) -> str:
        cells = (
            self.language, self.split, self.ends, self.headings, self.longest_heading,
            self.longest_paragraph, self.found, "; ".join(self.wrong) or "none",
        )  # fmt: skip
        return "| " + " | ".join(map(str, cells)) + " |"


def convert(language: str, folder: Path) -> Path:
    """The lecture's output folder, converted where it is not there."""
    video = folder / f"attention-{language}.mp4"
    if not video.exists():
        captions = shared(f"media/languages/attention.{language}.srt")
        subprocess.run([sys.executable, shared("tools/standin.py"), captions, video], check=True)
    command = [sys.executable, "-m", "pipeline", "run", str(video), "--output", str(folder / "out")]
    options = ["--set", "write.edition=transcript", "--set", "transcribe.engine=captions"]
    made = subprocess.run(
        [*command, *options, "--quiet"], check=True, capture_output=True, text=True
    )
    return Path(made.stdout.strip()).parent.parent


def check(language: str, output: Path) -> Findings:
    """Everything that a program can tell without a browser."""
    found = Findings(language)
    workspace = Workspace(output)
    article = workspace.read(WRITTEN)
    prose = [words_of(block.text) for block in _blocks(article) if isinstance(block, Paragraph)]
    captions = read_captions(shared(f"media/languages/attention.{language}.srt"), language)
    said = [cue.text for cue in captions.cues]
    _check_joins(found, prose, said)
    _check_ends(found, prose, said)
    _check_headings(found, article, " ".join(said))
    found.longest_paragraph = max(word_count(text, language) for text in prose)
    if found.longest_paragraph > MAX_WORDS:
        found.wrong.append("paragraph too long")
    _check_page(found, output)
    _check_epub(found, output)
    if not workspace.read(SEGMENTS).segments:
        found.wrong.append("no segments")
    return found


def _blocks(article: Article) -> Iterator[object]:
    for section in article.sections:
        yield from (block for block in walk(section.blocks) if not isinstance(block, Figure))


def _check_joins(found: Findings, prose: list[str], said: list[str]) -> None:
    """Words at the joints of cues: none may be split, glued or marked inside."""
    text = " ".join(prose)
    found.split += len(_CJK_SPACE.findall(text))
    known = language_of(found.language)
    if known and known.script.spaced:
        before, after = (words(" ".join(one)) for one in (said, prose))
        if found.language != "en" and before != after:
            found.split += sum(a != b for a, b in zip(before, after, strict=False))
            found.split += abs(len(before) - len(after))
    else:
        # No mark that the captions do not have may stand inside a phrase.
        whole = "".join(said)
        ends, at = set(), 0
        for part in phrases(whole, found.language):
            at += len(_LETTERS.findall(part))
            ends.add(at)
        at = 0
        for part in regex.split(r"(?<=\p{P})", whole):
            at += len(_LETTERS.findall(part))
            ends.add(at)
        place = 0
        for piece in regex.split(r"(?<=[\p{P}\s])", text):
            place += len(_LETTERS.findall(piece))
            inside = piece and place not in ends and is_letter(piece[0]) and found.language != "th"
            found.split += bool(inside and regex.search(r"[。、，．！？]$", piece))
    if found.split:
        found.wrong.append("words split or marked inside")


def _check_ends(found: Findings, prose: list[str], said: list[str]) -> None:
    had, kept = (len(_END.findall(" ".join(one))) for one in (said, prose))
    found.ends = f"{kept}/{had}"
    if had > 20 and kept < 0.95 * had:
        found.wrong.append("sentence ends lost")


def _check_headings(found: Findings, article: Article, said: str) -> None:
    titles = [section.title for section in article.sections]
    if article.title.split()[0] != "Attention":  # the file's name
        titles.append(article.title)
    titles += [words_of(block.text) for block in _blocks(article) if isinstance(block, Heading)]
    found.headings = len(titles)
    found.longest_heading = max(map(len, titles))
    if found.longest_heading > _LONGEST_HEADING:
        found.wrong.append("heading too long")
    known = language_of(found.language)
    scripts = {*(known.scripts if known else ()), "Latn", "Hani", "Jpan", UNKNOWN}
    for title in titles:
        letters = letters_by_script(title)
        if sum(count for code, count in letters.items() if code not in scripts):
            found.wrong.append(f"heading in another script: {title}")
    # The slides show what is said: a word of a heading that nobody says was misread. English ones
    # have words of the program ("Writing the query vector").
    spoken = " ".join(words(said))
    for title in titles if found.language != "en" else ():
        if misread := [one for one in words(title) if one not in spoken]:
            found.wrong.append(f"heading misread: {' '.join(misread)}")


def _check_page(found: Findings, output: Path) -> None:
    page = (output / "render" / "index.html").read_text(encoding="utf-8")
    opening = re.search(r"<html[^>]*>", page)
    wanted = [f'lang="{found.language}', f'dir="{direction(found.language)}"']
    for attribute in wanted:
        if opening is None or attribute not in opening[0]:
            found.wrong.append(f"page without {attribute}")


def _check_epub(found: Findings, output: Path) -> None:
    """The rules of EPUB 3.3 that a file alone can break: mimetype first, well-formed, language."""
    path = output / "bench.epub"
    command = [sys.executable, "-m", "pipeline", "export", output.name, "--format", "epub"]
    subprocess.run(
        [*command, "--to", str(path), "--output", str(output.parent)],
        check=True, capture_output=True,
    )  # fmt: skip
    with zipfile.ZipFile(path) as book:
        if book.namelist()[0] != "mimetype":
            found.wrong.append("EPUB: mimetype is not first")
        names = [name for name in book.namelist() if name.endswith((".xhtml", ".opf"))]
        for name in names:
            ElementTree.fromstring(book.read(name))
        package = next(book.read(name).decode() for name in names if name.endswith(".opf"))
    if f"<dc:language>{found.language}" not in package:
        found.wrong.append("EPUB: language")


def search(outputs: dict[str, Path], findings: dict[str, Findings]) -> None:
    """Three words and one character of each chapter, typed into the page's search."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        for language, output in outputs.items():
            page = browser.new_page()
            page.goto((output / "render" / "index.html").as_uri())
            queries = _queries(language)
            page.keyboard.press("/")
            hits = 0
            for query in queries:
                page.fill("dialog.search input", query)
                page.wait_for_timeout(400)
                hits += page.locator(".search li mark").count() > 0
            findings[language].found = f"{hits}/{len(queries)}"
            if hits < len(queries):
                findings[language].wrong.append("search")
            page.close()
        browser.close()


def _queries(language: str) -> list[str]:
    """Three words of what is said, and a character or a short word."""
    cues = read_captions(shared(f"media/languages/attention.{language}.srt"), language).cues
    known = language_of(language)
    if known and known.script.spaced:
        long = [word for cue in cues[40:60] for word in words(cue.text) if len(word) > 4]
        return [*long[:3], long[3][:1] if known.scripts[0] != "Latn" else long[3]]
    parts = [part for cue in cues[40:60] for part in phrases(cue.text, language)]
    plain = [part for part in (regex.sub(r"[\p{P}\s]", "", one) for one in parts) if len(part) > 1]
    letters = [part for part in plain if is_letter(part[0])]
    return [*letters[:3], letters[3][1]]


def main(folder: Path, languages: list[str]) -> None:
    """Convert, check, print."""
    folder.mkdir(parents=True, exist_ok=True)
    outputs: dict[str, Path] = {}
    findings: dict[str, Findings] = {}
    for language in languages:
        outputs[language] = convert(language, folder)
        findings[language] = check(language, outputs[language])
        print(findings[language].row(), file=sys.stderr, flush=True)
    search(outputs, findings)
    print(
        "| language | split | ends kept | headings | longest | longest paragraph | found | wrong |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for one in findings.values():
        print(one.row())


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:] or LANGUAGES)
