import io

from pipeline.cli.progress_bar import BarReporter
from pipeline.cli.terminal import reporter


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_bar_that_leaves_finished_stages_as_lines() -> None:
    stream = _Terminal()
    bar = reporter("auto", stream)
    assert type(bar) is BarReporter
    bar.stage_begins("segment", "not run yet")
    bar.update(1, 4, "frames")
    bar.note("26 frames kept")
    bar.stage_ends("segment", 12.34)
    bar.stage_fresh("outline")
    text = stream.getvalue()
    assert "✓ segment     12 s" in text
    assert "  26 frames kept" in text
    assert "· outline     up to date" in text
    bar.close()


def test_the_bar_shows_how_far_a_stage_is_and_is_gone_after_it() -> None:
    stream = io.StringIO()
    bar = BarReporter(stream)
    bar.stage_begins("segment", "not run yet")
    bar.update(3, 4, "frames")
    (shown,) = bar._bar.tasks
    assert (shown.completed, shown.total, shown.fields["share"]) == (3, 4, "3/4 frames")
    bar.stage_ends("segment", 1)
    assert not bar._bar.tasks
