"""The local engine: every step once, failures apart, killed processes replaced."""

from __future__ import annotations

from pathlib import Path

from pipeline.book.desk import Desk, Limits
from pipeline.book.local import LocalEngine
from pipeline.book.plan import Done
from tests.book.light import LightWork, begun, light_plan


def engine() -> LocalEngine:
    return LocalEngine({"network": 1, "model": 2, "checks": 1}, in_flight=3)


def test_every_step_of_every_lecture_is_done_once(tmp_path: Path) -> None:
    heard: list[object] = []
    last = engine().run(light_plan(LightWork(tmp_path), 4), Desk(Limits()), heard.append)
    assert [last[n].step for n in (1, 2, 3, 4)] == ["third"] * 4
    assert all(done.failure is None for done in last.values())
    assert set(begun(tmp_path).values()) == {1} and len(begun(tmp_path)) == 12
    assert len([event for event in heard if isinstance(event, Done)]) == 4


def test_a_failure_ends_its_lecture_and_no_other(tmp_path: Path) -> None:
    work = LightWork(tmp_path, fails=(2, "second"))
    last = engine().run(light_plan(work, 3), Desk(Limits()), lambda event: None)
    assert last[2] == Done(2, "second", failure="as asked")
    assert [last[n].step for n in (1, 3)] == ["third", "third"]
    assert not (tmp_path / "lecture-2.third").exists()


def test_a_step_whose_process_was_killed_is_begun_again(tmp_path: Path) -> None:
    work = LightWork(tmp_path, kills=(1, "second"))
    last = engine().run(light_plan(work, 2), Desk(Limits()), lambda event: None)
    assert last[1].failure is None
    assert begun(tmp_path)["lecture-1.second"] == 2
    assert sum(begun(tmp_path).values()) == 7
