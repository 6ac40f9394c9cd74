"""Compare measures with floors, the values that no change may take them below."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class FloorsError(ValueError):
    """The file names no floor, or a floor for something that is not measured."""


@dataclass(frozen=True, slots=True)
class Floor:
    """A measure's path of names in the JSON object, its value and its floor."""

    names: tuple[str, ...]
    value: float | None
    floor: float

    @property
    def is_kept(self) -> bool:
        """Whether there is a value and it reaches the floor."""
        return self.value is not None and self.value >= self.floor

    def __str__(self) -> str:
        return f"{'.'.join(self.names)} is {self.value}, below its floor {self.floor}"


def read_floors(path: Path) -> Mapping[str, Any]:
    """Read a TOML file laid out like the measures, with a number for each floor; raise FloorsError."""
    try:
        floors = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise FloorsError(f"{path} is not TOML: {error}") from error
    if not floors:
        raise FloorsError(f"{path} names no floor")
    return floors


def compare(measures: Mapping[str, Any], floors: Mapping[str, Any], within: tuple[str, ...] = ()) -> list[Floor]:
    """Pair each floor, in order, with the measured value; raise FloorsError for a floor without a measure."""
    compared: list[Floor] = []
    for name, floor in floors.items():
        names, value = (*within, name), measures.get(name)
        if isinstance(floor, dict) and isinstance(value, dict):
            compared += compare(value, floor, names)
        elif name in measures and _is_number(floor) and (value is None or _is_number(value)):
            compared.append(Floor(names, value, floor))
        else:
            raise FloorsError(f"there is no measure for the floor {'.'.join(names)}")
    return compared


def table(compared: Sequence[Floor]) -> str:
    """Write a line for each measure: its name, value and floor, and a mark if it is below."""
    width = max(len(".".join(each.names)) for each in compared)
    lines = [f"{'measure':<{width}}   value   floor"]
    for each in compared:
        value = "-" if each.value is None else f"{each.value:.4f}"
        mark = "" if each.is_kept else "  below"
        lines.append(f"{'.'.join(each.names):<{width}}  {value:>6}  {each.floor:.4f}{mark}")
    return "\n".join(lines)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
