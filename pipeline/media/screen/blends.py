"""Samples that fell into a cross-fade: mixtures of two screens, never worth showing."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.media.screen.sampling import Sample
from pipeline.media.screen.tiles import Tiles, changed

RESIDUAL = 0.15  # of the difference between the two screens that a mixture leaves unexplained


def without_blends(samples: Sequence[Sample]) -> tuple[Sample, ...]:
    """``samples`` without those that are a mixture of the one before and the one after."""
    kept = [
        sample
        for before, sample, after in zip(samples, samples[1:], samples[2:], strict=False)
        if not is_blend(before.tiles, sample.tiles, after.tiles)
    ]
    return (*samples[:1], *kept, *samples[1:][-1:])


def is_blend(before: Tiles, between: Tiles, after: Tiles) -> bool:
    """Whether ``between`` is ``before`` and ``after`` mixed in one proportion everywhere."""
    import numpy as np

    where = changed(before, after)
    if where.sum() < 0.02 * where.size:
        return False
    whole = (after.brightness - before.brightness)[where]
    part = (between.brightness - before.brightness)[where]
    share = float((whole * part).sum() / max(float((whole * whole).sum()), 1e-6))
    if not 0.05 < share < 0.95:
        return False
    left_over = float(np.abs(part - share * whole).sum() / max(float(np.abs(whole).sum()), 1e-6))
    # Text whose ink is as strong as either screen's own is no fade but a third screen.
    return left_over < RESIDUAL
