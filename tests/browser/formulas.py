"""A chapter full of formulas, and where ink is on a picture of the page."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from pipeline.artifacts import CHECKED
from pipeline.engine.workspace import to_json
from tests.browser.conftest import write_rendered
from tests.render.sample import sample_workspace

if TYPE_CHECKING:
    from playwright.sync_api import Page

FORMULAS = r"""The loss is $\sqrt{2}$, and a long line follows. [[s0001]]

$$\sqrt{\frac{a^2 + b^2}{c}}$$

$$\sum_{i=1}^{n} x_i = \prod_{k} p_k + \int_0^\infty e^{-x} dx$$

$$A = \begin{pmatrix} 1 & 2 & 3 \\ 4 & 5 & 6 \\ 7 & 8 & 9 \end{pmatrix}$$

$$f(x) = a_0 + a_1 x + a_2 x^2 + a_3 x^3 + a_4 x^4 + a_5 x^5 + a_6 x^6 + a_7 x^7 + a_8 x^8 + a_9 x^9 + a_{10} x^{10} + a_{11} x^{11}$$

$$\mathcal{L}(\theta) = -\mathbb{E}_{x \sim p}\left[\log p_\theta(x)\right] \leq \hat{\mathbf{w}}^\top \mathfrak{g}$$

$$\begin{aligned} i &= 1 \\ M &= -2 \end{aligned}$$
"""  # noqa: E501


def chapter_of_formulas(root: Path) -> Path:
    """The sample's page with ``FORMULAS`` as its first section."""
    workspace = sample_workspace(root)
    article = workspace.read(CHECKED)
    first = article.sections[0].with_markdown(FORMULAS)
    changed = article.model_copy(update={"sections": (first, *article.sections[1:])})
    (root / "check" / "article.json").write_bytes(to_json(changed))
    return write_rendered(workspace)


def ink(page: Page, box: dict[str, float]) -> tuple[Image.Image, list[list[bool]]]:
    """The picture of a box of the page (CSS pixels), and which of its pixels are dark, by rows."""
    left, top = int(box["x"]), int(box["y"])
    width, height = max(1, round(box["width"])), max(1, round(box["height"]))
    shot = page.screenshot(clip={"x": left, "y": top, "width": width, "height": height})
    picture = Image.open(io.BytesIO(shot)).convert("L")
    values = list(picture.getdata())
    rows = [values[at : at + picture.width] for at in range(0, len(values), picture.width)]
    return picture, [[value < 140 for value in row] for row in rows]
