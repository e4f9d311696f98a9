"""A plot, and the two things that become of it: part of a page, or a figure of its own.

In a page, colours are variables of the page and the legend stands beside the drawing. A figure of
its own, for a paper or a notebook, has its colours, a white ground and its legend in it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tokenry.drawing.canvas import GRID, INK, MUTED, SERIES, color_of, marker_of, svg
from tokenry.errors import StudyError
from tokenry.files import writing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS: Final = ("svg", "pdf", "png")
_PAPER: Final = {
    INK: "#1c1b19",
    MUTED: "#6b675f",
    GRID: "#d8d4cb",
    # the colours of the page in light, which drawing/style.py has
    **dict(
        zip(
            SERIES,
            ("#c2410c", "#0f766e", "#6d28d9", "#1d4ed8", "#a16207", "#be185d", "#4d7c0f",
             "#475569"),
            strict=True,
        )
    ),
}  # fmt: skip
_COLORS: Final = ("color", "facecolor", "edgecolor", "markerfacecolor", "markeredgecolor")
_DPI: Final = 200


@dataclass(frozen=True)
class Plot:
    """A drawing.

    Attributes:
        figure: matplotlib's, in the placeholder colours of `tokenry.drawing.canvas`.
        name: of its file.
        title: what it shows, in words.
        series: names for its legend, in the order of their colours; none where there is one.
    """

    figure: Figure
    name: str
    title: str
    series: tuple[str, ...] = ()

    def to_html(self) -> str:
        """An element of a page."""
        return svg(self.figure, self.name, self.title)

    def alone(self) -> Figure:
        """The figure with colours, legend and ground of its own; a notebook shows it."""
        figure = self.figure
        figure.draw_without_rendering()  # ticks are made when they are drawn
        for artist in figure.findobj():
            _recolor(artist)
        for axes in figure.axes:
            axes.tick_params(colors=_PAPER[MUTED], labelcolor=_PAPER[INK])
        figure.patch.set(facecolor="white", alpha=1)
        if self.series:
            _add_legend(figure, self.series)
        figure._repr_png_ = lambda: _png(figure)  # type: ignore[attr-defined]  # for notebooks
        return figure

    def save(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Write it as ``<name>.svg``, ``.pdf`` and ``.png``; letters are outlines or embedded."""
        from matplotlib import rc_context

        figure, written = self.alone(), []
        with rc_context({"svg.fonttype": "path", "svg.hashsalt": self.name, "pdf.fonttype": 42}):
            for kind in FORMATS:
                path = Path(folder, f"{self.name}.{kind}")
                with writing(path) as file:
                    figure.savefig(file, format=kind, dpi=_DPI, metadata=_undated(kind))
                written.append(path)
        return written


def save_plots(plots: Iterable[Plot], folder: str | os.PathLike[str]) -> list[Path]:
    """Write all plots into a folder, which is made where it is missing.

    Raises:
        StudyError: the folder is a file.
    """
    check_folder(folder)
    return [path for plot in plots for path in plot.save(folder)]


def check_folder(folder: str | os.PathLike[str]) -> None:
    """Say that figures cannot be written there, before any work.

    Raises:
        StudyError: the folder is a file.
    """
    if Path(folder).exists() and not Path(folder).is_dir():
        raise StudyError(f"{folder} is a file; figures need a folder to be written into")


def chosen(plots: Iterator[Plot], name: str | None) -> Figure:
    """The plot of a name, else the first, as a figure of its own.

    Raises:
        StudyError: there is none of this name; the message lists those that there are.
    """
    found = {plot.name: plot for plot in plots}
    if name is None:
        return next(iter(found.values())).alone()
    if name not in found:
        raise StudyError(f"no plot is named {name!r}; there are {', '.join(found)}")
    return found[name].alone()


def _recolor(artist: Any) -> None:
    from matplotlib.colors import to_hex

    for kind in _COLORS:
        get, put = (getattr(artist, f"{verb}_{kind}", None) for verb in ("get", "set"))
        if get is None or put is None:
            continue
        value = get()
        rows = value if getattr(value, "ndim", 1) == 2 else [value]
        if len(rows) != 1 or (isinstance(rows[0], str) and rows[0] == "none"):
            continue
        color = _PAPER.get(to_hex(rows[0]))
        if color is not None:
            put(color)


def _add_legend(figure: Figure, names: Sequence[str]) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D(
            [], [], linestyle="", marker=marker_of(i), color=_PAPER[color_of(i)],
            label=name.replace("$", r"\$"),
        )
        for i, name in enumerate(names)
    ]  # fmt: skip
    figure.legend(
        handles=handles, loc="outside upper left", ncols=min(4, len(names)), frameon=False
    )


def _png(figure: Figure) -> bytes:
    import io

    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=100)
    return buffer.getvalue()


def _undated(kind: str) -> dict[str, None]:
    """Metadata that make the same figure the same file."""
    return {"svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {}}[kind]
