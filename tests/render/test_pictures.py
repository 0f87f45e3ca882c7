"""A figure shows its crop, the page enlarges the whole frame, and every format does as the page."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from pipeline.artifacts import CHECKED, SEGMENTS
from pipeline.engine.workspace import Workspace, to_json
from pipeline.models import Box
from pipeline.render.files import render_chapter
from pipeline.render.formats.export import export
from pipeline.render.load import sources_of
from pipeline.settings.render import RenderSettings
from tests.drawn.canvas import photograph

CROP = (640, 360)


def size_of(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as image:
        return image.size


def cropped(work: Workspace, part: str = "100,50,640,360") -> Workspace:
    """The sample whose second figure shows a part of its frame."""
    article = work.read(CHECKED)
    sections = tuple(
        one.with_markdown(one.markdown.replace("frame:f0002", f"frame:f0002#xywh={part}"))
        for one in article.sections
    )
    changed = article.model_copy(update={"sections": sections})
    work.path(CHECKED).write_bytes(to_json(changed))
    return work


def test_the_page_shows_the_crop_in_its_own_size_and_enlarges_the_whole(work: Workspace) -> None:
    files = render_chapter(sources_of(cropped(work)), RenderSettings()).files
    page = files["index.html"].decode()
    found = re.search(
        r'<a class="zoom" href="(assets/f0002\.\w+)"><img src="(assets/f0002-100-50-640-360\.\w+)"'
        r' width="640" height="360"',
        page,
    )
    assert found
    assert size_of(files[found[1]]) == (1280, 720)
    assert size_of(files[found[2]]) == CROP
    assert page.count("<figure") == 5


def test_a_crop_wider_than_the_text_has_a_small_version(work: Workspace) -> None:
    files = render_chapter(sources_of(cropped(work, "0,100,1000,500")), RenderSettings()).files
    found = re.search(
        r'<img src="(assets/f0002-0-100-1000-500-small\.webp)" width="760" height="380"',
        files["index.html"].decode(),
    )
    assert found
    assert size_of(files[found[1]]) == (760, 380)


@pytest.mark.parametrize("part", ["0,0,1280,720", "2000,0,100,100", "0,0,5000,5000", "nonsense"])
def test_a_crop_that_is_no_part_of_the_frame_shows_all_of_it(work: Workspace, part: str) -> None:
    page = render_chapter(sources_of(cropped(work, part)), RenderSettings()).files["index.html"]
    assert page.count(b"<figure") == 5
    assert b'"assets/f0002-small.webp" width="760" height="428"' in page


def test_a_crop_that_leaves_the_frame_ends_at_its_rim(work: Workspace) -> None:
    page = render_chapter(sources_of(cropped(work, "780,0,900,400")), RenderSettings()).files
    assert b'width="500" height="400"' in page["index.html"]


@pytest.mark.parametrize("name", ["chapter.epub", "chapter.docx"])
def test_books_hold_the_crop_and_not_the_whole(work: Workspace, tmp_path: Path, name: str) -> None:
    path = export(cropped(work), name.partition(".")[2], tmp_path / name)
    with zipfile.ZipFile(path) as archive:
        pictures = [one for one in archive.namelist() if one.endswith((".png", ".jpg", ".webp"))]
        sizes = [size_of(archive.read(one)) for one in pictures]
    assert sizes.count(CROP) == 1
    assert sizes.count((1280, 720)) == 4


def test_markdown_notebook_and_single_page_show_the_crop(work: Workspace, tmp_path: Path) -> None:
    export(cropped(work), "md", tmp_path / "chapter.md")
    found = re.search(r"\]\((chapter_files/f0002[^)]*)\)", (tmp_path / "chapter.md").read_text())
    assert found
    assert size_of((tmp_path / found[1]).read_bytes()) == CROP

    notebook = json.loads(render_chapter(sources_of(work), RenderSettings()).files["chapter.ipynb"])
    attached = [
        size_of(base64.b64decode(data))
        for cell in notebook["cells"]
        for kinds in cell.get("attachments", {}).values()
        for data in kinds.values()
    ]
    assert attached.count(CROP) == 1

    page = export(work, "html", tmp_path / "chapter.html").read_text()
    inside = [
        size_of(base64.b64decode(data))
        for data in re.findall(r'src="data:image/webp;base64,([^"]+)', page)
    ]
    assert inside.count(CROP) == 1


def with_camera(work: Workspace, inset: Box) -> Workspace:
    """The sample with a camera picture on its second frame."""
    segments = work.read(SEGMENTS)
    frames = tuple(
        frame.model_copy(update={"inset": inset}) if frame.id == "f0002" else frame
        for frame in segments.frames
    )
    path = work.root / frames[1].path
    with Image.open(path) as opened:
        picture = opened.convert("RGB")
    picture.paste(photograph(inset.width, inset.height, seed=7), (inset.x, inset.y))
    path.unlink()  # it may be a link to the one that tests share
    picture.save(path)
    changed = segments.model_copy(update={"frames": frames})
    work.path(SEGMENTS).write_bytes(to_json(changed))
    return work


@pytest.mark.parametrize("part", ["640,0,640,720", "0,0,1280,720"])
def test_a_camera_picture_in_a_crop_is_painted_over_and_stays_in_the_whole(
    work: Workspace, part: str
) -> None:
    inset = Box(x=1000, y=560, width=280, height=160)
    files = render_chapter(
        sources_of(cropped(with_camera(work, inset), part)), RenderSettings()
    ).files
    names = [name for name in files if name.startswith("assets/f0002") and "small" not in name]
    whole, part_name = sorted(names, key=len)
    corner = (inset.x, inset.y, inset.right, inset.bottom)
    levels = {}
    for name in (whole, part_name):
        with Image.open(io.BytesIO(files[name])) as image:
            left = 1280 - image.width
            box = (corner[0] - left, corner[1], corner[2] - left, corner[3])
            levels[name] = len(set(image.convert("L").crop(box).getdata()))
    assert levels[whole] > 50
    assert levels[part_name] < 10
