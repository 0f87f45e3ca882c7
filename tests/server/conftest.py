"""The sample chapter, as the tests of rendering have it."""

from tests.render.conftest import page, rendered, sample, work

__all__ = ["page", "rendered", "sample", "work"]
