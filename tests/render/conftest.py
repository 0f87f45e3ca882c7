"""Fixtures of the site's tests: the sample chapter, rendered once for each file of tests.

Once for all, what one file of tests did to it was seen by the next, in whatever order they ran.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.engine.workspace import Workspace
from pipeline.render.files import Rendered, render_chapter
from pipeline.render.load import sources_of
from pipeline.settings.render import RenderSettings
from tests.render.sample import sample_workspace


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample's workspace; do not change it."""
    return sample_workspace(tmp_path_factory.mktemp("output") / "sample")


@pytest.fixture(scope="module")
def rendered(sample: Workspace) -> Rendered:
    """The sample chapter, rendered."""
    return render_chapter(sources_of(sample), RenderSettings())


@pytest.fixture(scope="module")
def page(rendered: Rendered) -> str:
    """The sample chapter's HTML."""
    return rendered.files["index.html"].decode()


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    """A workspace of the sample that a test may change."""
    return sample_workspace(tmp_path / "output" / "sample")
