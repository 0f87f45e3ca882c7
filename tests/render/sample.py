"""A sample chapter about the demo lecture, written by hand: all artifacts of all stages."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from pipeline.cells.report import CellReport, CellStatus, OracleReport, Report, summary_of
from pipeline.document.article import Article, FidelityReport, Section, SectionFidelity
from pipeline.document.outline import Outline, OutlineSection
from pipeline.document.passage_times import with_passage_times
from pipeline.engine.workspace import Workspace, to_json
from pipeline.models import Cue, Frame, Model, Segment, Segments, Transcript, Video
from pipeline.timecode import parse_ms

DEMO = files("pipeline.demo")
FRAMES = {
    "f0001": (9_000, "Byte Pair Encoding\n\nhow a tokenizer learns its vocabulary"),
    "f0002": (40_000, "Why not just bytes?\n\n• UTF-8 text is a stream of bytes, 0 to 255\n"
              "• 256 tokens: a very small vocabulary\n• … but the sequences become long"),
    "f0003": (63_000, "The algorithm in three steps\n\n1.  Count every pair of neighbors\n"
              "2.  Replace the most frequent pair with a new token\n3.  Repeat"),
    "f0004": (78_000, "Three merges on one string\n\naaabdaaabac\nZabdZabac\nZYdZYac\nXdXac"),
    "f0005": (170_000, "Vocabulary size\n\nvocab size = 256 + merges"),
}  # fmt: skip

STATS = """def get_stats(ids):
    counts = {}
    for left, right in zip(ids, ids[1:]):
        counts[left, right] = counts.get((left, right), 0) + 1
    return counts"""
MERGE = """def merge(ids, pair, idx):
    out, i = [], 0
    while i < len(ids):
        if tuple(ids[i:i + 2]) == pair:
            out.append(idx)
            i += 2
        else:
            out.append(ids[i])
            i += 1
    return out"""
TRAIN = """ids = list("aaabdaaabac".encode("utf-8"))
for idx in range(256, 259):
    stats = get_stats(ids)
    pair = max(stats, key=stats.get)
    ids = merge(ids, pair, idx)
    print(idx, pair, len(ids))
print(ids)"""
TRAINED = "256 (97, 97) 9\n257 (256, 97) 7\n258 (257, 98) 5\n[258, 100, 258, 97, 99]"
LIBRARY = """from minbpe import BasicTokenizer

tokenizer = BasicTokenizer()
tokenizer.train("aaabdaaabac", 256 + 3)
print(tokenizer.encode("aaabdaaabac"))"""

SECTIONS: tuple[tuple[str, str], ...] = (
    ("What a tokenizer does", """A language model does not read letters or words. It reads tokens,
and a tokenizer is the part that turns text into tokens and tokens back into text. [[s0001]]

![The title slide: the question of the lecture is how a vocabulary is *learned*](frame:f0001)

I want to show you the algorithm that GPT-2 and almost every model after it uses. It is called
**byte pair encoding**, and it is short enough to write on one page. [[s0001-s0002]]
"""),
    ("Why not just bytes?", """Text is stored as UTF-8, and UTF-8 is a stream of bytes, each of them
a number from 0 to 255. So we could simply feed bytes to the model. The vocabulary would have only
256 tokens, which is very small.[^utf] [[s0002]]

![Bytes alone: a tiny vocabulary, but long sequences](frame:f0002)

> [!NOTE]
> A model's context is counted in tokens. Long sequences are expensive twice: less text fits, and
> attention costs more.

But then the sequences become long, and a model can only look back so far. What we want is to
*compress* the stream, and to let the data say how. [[s0003]]

| representation | vocabulary | length of `aaabdaaabac` |
|---|---|---|
| bytes | 256 | 11 |
| after three merges | 259 | 5 |

[^utf]: The special token `<|endoftext|>` is no byte: it is added to the vocabulary afterwards.
"""),
    ("The algorithm in three steps", """The algorithm has three steps. [[s0004]]

1. Count every pair of neighbors. [[s0004]]
2. Replace the most frequent pair with a new token, one that was not there before. [[s0004]]
3. Repeat, until the vocabulary is as large as you want it. [[s0005]]

![The three steps](frame:f0003)

### Three merges on one string

Take the string `aaabdaaabac`, eleven letters. The pair `aa` is the most frequent, so every `aa`
becomes `Z`. Then `ab` goes to `Y`, and `ZY` to `X`. [[s0005]]

![Eleven letters become five tokens](frame:f0004)
"""),
    ("Writing it in Python", f"""First we count the pairs. `zip(ids, ids[1:])` walks over the
neighbors, and a dictionary keeps the counts. [[s0006]]

```python
{STATS}
```

Then a function that replaces one pair by a new token: it walks through the list, and where the pair
stands it writes the new number and skips both. [[s0006-s0007]]

```python
{MERGE}
```

Now we put both into a loop and merge three times. The first pair is (97, 97), which is `aa`.
[[s0007]]

```python
{TRAIN}
```
```text output
{TRAINED}
```
[[s0008]]
"""),
    ("The same with minbpe", f"""The library minbpe does the same thing for us, and its
`BasicTokenizer` can also decode. [[s0009]]

```python
{LIBRARY}
```

```bash
pip install minbpe
```
"""),
    ("Vocabulary size and compression", """How large is the vocabulary? There are 256 bytes, and
each merge adds one token:

$$\\text{vocab size} = 256 + \\text{merges}$$
[[s0010]]

With three merges that is 259. The compression ratio of our string is $\\frac{11}{5} = 2.2$, and
GPT-2 was trained with 50,000 merges, which with `<|endoftext|>` makes 50,257 tokens. A ticket costs
$5 and a coffee $3, so dollars are no formulas. [[s0010]]

![One new token for each merge](frame:f0005)

> "Most of the weird things come from tokenization," he says. [[s0011]]
"""),
)  # fmt: skip


def cues() -> tuple[Cue, ...]:
    """The demo lecture's captions."""
    text = (DEMO / "bpe-mini-lecture.en.vtt").read_text(encoding="utf-8")
    found = re.findall(r"(\S+) --> (\S+)[^\n]*\n(.+?)(?:\n\n|\Z)", text, re.DOTALL)
    return tuple(
        Cue(start_ms=parse_ms(start), end_ms=parse_ms(end), text=" ".join(words.split()))
        for start, end, words in found
    )


def segments(frames: tuple[Frame, ...] = ()) -> Segments:
    """Segments of about 18 seconds, of whole cues."""
    groups: list[list[Cue]] = [[]]
    for cue in cues():
        if groups[-1] and cue.end_ms - groups[-1][0].start_ms > 20_000:
            groups.append([])
        groups[-1].append(cue)
    made = tuple(
        Segment(
            id=f"s{number:04d}",
            start_ms=group[0].start_ms,
            end_ms=group[-1].end_ms,
            text=" ".join(cue.text for cue in group),
            first_word=sum(len(cue.words) for before in groups[: number - 1] for cue in before),
            last_word=sum(len(cue.words) for upto in groups[:number] for cue in upto) - 1,
        )
        for number, group in enumerate(groups, start=1)
    )
    return Segments(segments=made, frames=frames)


def draw(text: str, path: Path, size: tuple[int, int] = (1280, 720)) -> None:
    """A slide with this text."""
    image = Image.new("RGB", size, "#f7f8fa")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, 14, size[1]), fill="#2b5f8a")
    title, _, rest = text.partition("\n")
    pen.text((70, 60), title, fill="#1b2a3a", font=ImageFont.load_default(58))
    pen.text((70, 170), rest, fill="#33424f", font=ImageFont.load_default(36), spacing=22)
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)


def article() -> Article:
    """The sample article; each section spans the segments that it cites."""
    by_id = {segment.id: segment for segment in segments().segments}
    made = []
    for number, (title, markdown) in enumerate(SECTIONS, start=1):
        cited = sorted(set(re.findall(r"s\d{4}", markdown)) & by_id.keys())
        made.append(
            Section(
                id=f"sec{number:02d}",
                title=title,
                start_ms=by_id[cited[0]].start_ms,
                end_ms=by_id[cited[-1]].end_ms,
                markdown=markdown,
                segments=tuple(cited),
                figures=tuple(re.findall(r"frame:(f\d+)", markdown)),
            )
        )
    return Article(
        title="Byte Pair Encoding", edition="llm", model="sample-model", sections=tuple(made)
    )


def report() -> Report:
    """A report of the check stage for the sample's cells."""
    done: tuple[tuple[int, int, str, CellStatus], ...] = (
        (4, 1, STATS, "passed"),
        (4, 2, MERGE, "passed"),
        (4, 3, TRAIN, "passed"),
        (5, 1, LIBRARY, "passed"),
        (5, 2, "pip install minbpe", "skipped"),
    )
    cells = tuple(
        CellReport(
            id=f"sec{section:02d}-{number}",
            index=index,
            section=f"sec{section:02d}",
            language="bash" if source.startswith("pip") else "python",
            source=source,
            status=status,
            reason="not Python" if status == "skipped" else "",
            stdout=TRAINED + "\n" if source == TRAIN else "",
        )
        for index, (section, number, source, status) in enumerate(done, start=1)
    )
    oracle = OracleReport(name="get_stats", status="passed", detail="agrees with minbpe", cell=1)
    return Report(cells=cells, oracles=(oracle,), summary=summary_of(cells))


def sample_workspace(root: Path, *, url: str | None = None, video: bool = True) -> Workspace:
    """Every artifact that the render stage reads, under ``root`` (``output/<id>``)."""
    for name, (_, text) in FRAMES.items():
        draw(text, root / "screens" / "frames" / f"{name}.png")
    frames = tuple(
        Frame(id=name, at_ms=at, start_ms=at - 3000, end_ms=at + 3000,
              path=f"screens/frames/{name}.png", width=1280, height=720, text=text)
        for name, (at, text) in FRAMES.items()
    )  # fmt: skip
    (root / "download").mkdir(parents=True, exist_ok=True)
    if video:
        data = (DEMO / "bpe-mini-lecture.mp4").read_bytes()
        (root / "download" / "bpe mini lecture.mp4").write_bytes(data)
    parts = segments(frames)
    transcript = Transcript(language="en", engine="captions", model=None, cues=cues())
    written = with_passage_times(article(), parts, transcript)
    outline = Outline(
        title="Byte Pair Encoding",
        summary="How a tokenizer learns its vocabulary: three steps, thirty lines of Python.",
        language="en",
        edition="llm",
        sections=tuple(
            OutlineSection(id=one.id, title=one.title, first_segment=one.segments[0],
                           last_segment=one.segments[-1])
            for one in written.sections
        ),
    )  # fmt: skip
    fidelity = FidelityReport(
        sections=tuple(
            SectionFidelity(
                id=one.id, title=one.title, words_in=120, words_out=80,
                not_covered=(parts.segments[-1].id,) if one.id == "sec06" else (),
            )
            for one in written.sections
        )
    )  # fmt: skip
    artifacts: dict[str, Model] = {
        "download/video.json": Video(
            video_id=root.name, title="Byte Pair Encoding", url=url, path="bpe mini lecture.mp4",
            duration_ms=202_776, width=1280, height=720, fps=30, has_audio=True,
            uploader="A. Lecturer", upload_date="2026-03-14", sha256="0" * 64,
            start_ms=0, end_ms=202_776,
        ),
        "transcribe/transcript.json": transcript,
        "segment/segments.json": parts,
        "outline/outline.json": outline,
        "check/article.json": written,
        "check/report.json": report(),
        "write/fidelity.json": fidelity,
    }  # fmt: skip
    for name, model in artifacts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(to_json(model))
    return Workspace(root)
