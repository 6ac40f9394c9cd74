"""Floors under measures: what is below is named, and no floor is passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.evaluation.floors import Floor, FloorsError, compare, read_floors, table

MEASURES = {"gold_cited": 0.81, "not_found": None, "questions": 3, "by_kind": {"month": {"gold_cited": 0.5}}}


def floors(tmp_path: Path, content: str) -> Path:
    path = tmp_path / "floors.toml"
    path.write_text(content, encoding="utf-8")
    return path


def test_each_floor_is_compared_with_its_measure(tmp_path: Path) -> None:
    path = floors(tmp_path, 'gold_cited = 0.8\n"not_found" = 0\nquestions = 3\n[by_kind.month]\ngold_cited = 0.51\n')
    compared = compare(MEASURES, read_floors(path))
    assert compared == [Floor(("gold_cited",), 0.81, 0.8), Floor(("not_found",), None, 0), Floor(("questions",), 3, 3),
                        Floor(("by_kind", "month", "gold_cited"), 0.5, 0.51)]
    assert [floor.is_kept for floor in compared] == [True, False, True, False]
    assert str(compared[3]) == "by_kind.month.gold_cited is 0.5, below its floor 0.51"


def test_the_table_marks_what_is_below() -> None:
    assert table(compare(MEASURES, {"gold_cited": 0.8, "not_found": 0.1, "by_kind": {"month": {"gold_cited": 0.51}}})
                 ) == ("measure                    value   floor\n"
                       "gold_cited                0.8100  0.8000\n"
                       "not_found                      -  0.1000  below\n"
                       "by_kind.month.gold_cited  0.5000  0.5100  below")


@pytest.mark.parametrize(("named", "message"), [
    ({"gold_sited": 0.8}, "gold_sited"), ({"by_kind": {"mouth": {"gold_cited": 0.5}}}, "by_kind.mouth"),
    ({"gold_cited": {"month": 0.5}}, "gold_cited"), ({"by_kind": 0.5}, "by_kind"),
    ({"gold_cited": "high"}, "gold_cited"), ({"gold_cited": True}, "gold_cited"),
])
def test_a_floor_without_a_measure_is_refused(named: dict[str, object], message: str) -> None:
    with pytest.raises(FloorsError) as refused:
        compare(MEASURES, named)
    assert str(refused.value) == f"there is no measure for the floor {message}"


@pytest.mark.parametrize(("content", "message"), [("gold_cited 0.8", "floors.toml is not TOML: "),
                                                  ("\n# nothing\n", "floors.toml names no floor")])
def test_a_file_that_names_no_floors_is_refused(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(FloorsError, match=message):
        read_floors(floors(tmp_path, content))
