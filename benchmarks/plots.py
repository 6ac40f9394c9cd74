"""Draw PNG plots of the other benchmarks' results; needs matplotlib.

    python -m benchmarks.plots OUT_DIR [--latency NAME=FILE ...] [--goodput FILE ...] [--soak FILE]
                               [--growth FILE] [--indexes FILE]

`--latency` and `--goodput` take results of `benchmarks.load`, with or without `--overload`; `--soak` takes a result of
`benchmarks.soak`. `--growth` is a JSON list of {"passages", "p50_ms", "p99_ms", "build_seconds", "peak_rss_mb",
"serving_rss_mb", "disk_mb"}; `--indexes` is a JSON list of {"index", "setting", "passages", "recall@10", "ms"}.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")  # before pyplot is imported, because there is no display

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

Row = Mapping[str, Any]
GROWTH_PANELS = (  # title, unit, and for each curve its key and name
    ("Latency", "ms", (("p50_ms", "p50"), ("p99_ms", "p99"))),
    ("Build", "seconds", (("build_seconds", "build"),)),
    ("Memory", "MiB resident", (("peak_rss_mb", "peak of the build"), ("serving_rss_mb", "serving"))),
    ("Disk", "MiB", (("disk_mb", "index"),)),
)
LOG_FROM_RATIO = 50


def latency_cdf(latencies_ms: Mapping[str, Sequence[float]], output: Path) -> None:
    """Plot the share of requests answered within a time, one curve per named run; times on a log axis."""
    figure, axes = _figure()
    for name, values in latencies_ms.items():
        ordered = sorted(values)
        shares = [(rank + 1) / len(ordered) for rank in range(len(ordered))]
        axes.step(ordered, shares, where="post", label=f"{name} (n={len(ordered)})")
    axes.set(xscale="log", xlabel="latency from the intended send time, ms", ylabel="share answered", ylim=(0, 1.01),
             title="Latency")
    _save(figure, output)


def goodput(runs: Sequence[Row], output: Path) -> None:
    """Plot answers (200) within the deadline and refusals against the offered rate, over open-loop runs."""
    ordered = sorted(runs, key=lambda run: float(run["rate_offered"]))
    rates = [run["rate_offered"] for run in ordered]
    figure, axes = _figure()
    axes.plot(rates, rates, color="0.7", linestyle="--", label="all of it")
    axes.plot(rates, [run["goodput_per_s"] for run in ordered], marker="o", label="answered in time")
    axes.plot(rates, [run["refused"] / run["seconds"] for run in ordered], marker="x", label="refused (429, 503)")
    deadlines = ", ".join(sorted({f"{run['deadline_s']:g} s" for run in ordered}))
    axes.set(xlabel="offered, requests a second", ylabel="a second", title=f"Goodput (deadline {deadlines})")
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    _save(figure, output)


def soak_memory(result: Row, output: Path) -> None:
    """Plot resident memory over a soak, with the warm-up shaded and the growth after it in the legend."""
    samples = result["samples"]
    minutes = [sample["at_s"] / 60 for sample in samples]
    figure, axes = _figure()
    for name, growth in result["growth_percent"].items():
        change = "" if growth is None else f" ({growth:+.2f} %)"
        axes.plot(minutes, [sample[name] for sample in samples], label=f"{name}{change}")
    axes.axvspan(0, result["warm_up_s"] / 60, color="0.92", label="warm-up")
    axes.set(xlabel="minutes", ylabel="MiB", title=f"Memory at {result['rate_offered']:g} questions a second")
    axes.set_ylim(bottom=0)
    _save(figure, output)


def index_growth(points: Sequence[Row], output: Path) -> None:
    """Plot latency, build time, memory and disk against the number of passages.

    The horizontal axis is logarithmic, and so is the vertical axis if its values span a wide range.
    """
    ordered = sorted(points, key=lambda point: int(point["passages"]))
    figure, panels = plt.subplots(2, 2, figsize=(10, 7), layout="constrained")
    for axes, (title, unit, curves) in zip(panels.flat, GROWTH_PANELS, strict=True):
        for key, name in curves:
            given = [point for point in ordered if point.get(key) is not None]
            axes.plot([point["passages"] for point in given], [point[key] for point in given], marker="o", label=name)
        axes.set(xscale="log", xlabel="passages", ylabel=unit, title=title)
        _scale_upwards(axes, [point[key] for point in ordered for key, _ in curves if point.get(key) is not None])
    _save(figure, output)


def recall_against_latency(points: Sequence[Row], output: Path) -> None:
    """Plot recall@10 against milliseconds, one curve per type of index and one panel per size."""
    sizes = sorted({int(point["passages"]) for point in points})
    figure, panels = plt.subplots(1, len(sizes), figsize=(1.5 + 5 * len(sizes), 4.8), sharey=True, squeeze=False,
                                  layout="constrained")
    for axes, size in zip(panels.flat, sizes, strict=True):
        _recall_panel(axes, [point for point in points if point["passages"] == size])
        axes.set(xscale="log", xlabel="ms a query", title=f"{size:,} passages")
    panels[0][0].set_ylabel("recall@10")
    _save(figure, output)


def open_loop_run(result: Row) -> Row:
    """Return the open-loop run of a result: the result itself, or the run inside an overload or soak result."""
    run: Row = result.get("load", result)
    return run


def _recall_panel(axes: Axes, points: Sequence[Row]) -> None:
    for name in dict.fromkeys(point["index"] for point in points):  # unique, in the order of the file
        curve = sorted((point for point in points if point["index"] == name), key=lambda point: float(point["ms"]))
        axes.plot([point["ms"] for point in curve], [point["recall@10"] for point in curve], marker="o", label=name)
        for point in curve:
            axes.annotate(str(point["setting"]), (point["ms"], point["recall@10"]), fontsize=7,
                          xytext=(3, -9), textcoords="offset points")


def _scale_upwards(axes: Axes, values: Sequence[float]) -> None:
    if values and min(values) > 0 and max(values) > LOG_FROM_RATIO * min(values):
        axes.set_yscale("log")  # on a linear axis, the small indexes would all lie at zero
    else:
        axes.set_ylim(bottom=0)


def _figure() -> tuple[Figure, Axes]:
    figure, axes = plt.subplots(figsize=(8, 5), layout="constrained")
    return figure, axes


def _save(figure: Figure, output: Path) -> None:
    for axes in figure.axes:
        axes.grid(visible=True, alpha=0.3)
        axes.legend()
    output.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(output, dpi=130)
    plt.close(figure)


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _named(text: str) -> tuple[str, Path]:
    name, separator, path = text.partition("=")
    return (name, Path(path)) if separator else (Path(text).stem, Path(text))


def main(argv: Sequence[str] | None = None) -> int:
    """Draw the plots whose results are given."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plots", description="Plots of benchmark results.")
    parser.add_argument("out_dir", type=Path, metavar="OUT_DIR")
    parser.add_argument("--latency", type=_named, nargs="+", metavar="NAME=FILE", help="writes latency.png")
    parser.add_argument("--goodput", type=Path, nargs="+", metavar="FILE", help="writes goodput.png")
    parser.add_argument("--soak", type=Path, metavar="FILE", help="writes soak.png")
    parser.add_argument("--growth", type=Path, metavar="FILE", help="writes growth.png")
    parser.add_argument("--indexes", type=Path, metavar="FILE", help="writes indexes.png")
    arguments = parser.parse_args(argv)
    try:
        _draw(arguments)
    except (OSError, ValueError, KeyError) as error:
        print(f"plots: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


def _draw(arguments: argparse.Namespace) -> None:
    out_dir: Path = arguments.out_dir
    if arguments.latency:
        named = {name: open_loop_run(_read(path))["latencies_ms"] for name, path in arguments.latency}
        latency_cdf(named, out_dir / "latency.png")
    if arguments.goodput:
        goodput([open_loop_run(_read(path)) for path in arguments.goodput], out_dir / "goodput.png")
    if arguments.soak:
        soak_memory(_read(arguments.soak), out_dir / "soak.png")
    if arguments.growth:
        index_growth(_read(arguments.growth), out_dir / "growth.png")
    if arguments.indexes:
        recall_against_latency(_read(arguments.indexes), out_dir / "indexes.png")


if __name__ == "__main__":
    raise SystemExit(main())
