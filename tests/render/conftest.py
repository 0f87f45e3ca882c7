"""Fixtures of the site's tests: the sample chapter, rendered once."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.engine.workspace import Workspace
from pipeline.render.files import Rendered, render_chapter
from pipeline.render.load import sources_of
from pipeline.settings.render import RenderSettings
from tests.render.sample import sample_workspace


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample's workspace; do not change it."""
    return sample_workspace(tmp_path_factory.mktemp("output") / "sample")


@pytest.fixture(scope="session")
def rendered(sample: Workspace) -> Rendered:
    """The sample chapter, rendered."""
    return render_chapter(sources_of(sample), RenderSettings())


@pytest.fixture(scope="session")
def page(rendered: Rendered) -> str:
    """The sample chapter's HTML."""
    return rendered.files["index.html"].decode()


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    """A workspace of the sample that a test may change."""
    return sample_workspace(tmp_path / "output" / "sample")
