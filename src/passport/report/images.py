"""The report's charts as pictures, drawn by plotly's own picture writer (extra `images`, needs Chrome)."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from passport.errors import PassportError
from passport.report.figures import figures
from passport.report.strings import Words

if TYPE_CHECKING:
    from passport.report.result import ReportData

ImageFormat = Literal["svg", "png", "pdf"]
_WIDTH_PX = 900


def write_images(folder: str | Path, data: ReportData, format: ImageFormat = "svg") -> list[Path]:
    """Write every chart of a report as a picture named like the chart, such as comparison.svg.

    Charts that have nothing to show are absent.

    Args:
        folder: made if it does not exist.
        format: svg, png (at twice the size) or pdf.

    Raises:
        PassportError: the extra `images` or a Chrome browser is not installed; the message says how to.
        OSError: the folder cannot be written to.

    Example:
        >>> write_images("pictures", run(house).data)  # doctest: +SKIP
        [PosixPath('pictures/comparison.svg'), ...]
    """
    charts = figures(data, Words(data.language))
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    # The picture writer takes the format from the ending, and one browser draws them all.
    with TemporaryDirectory(dir=target, prefix=".") as unfinished:
        drawn = {name: Path(unfinished) / f"{name}.{format}" for name in charts}
        for figure in charts.values():
            figure.update_layout(paper_bgcolor="#fff")
        if charts:
            _draw(list(charts.values()), list(drawn.values()), 2.0 if format == "png" else 1.0)
        return [path.replace(target / path.name) for path in drawn.values()]


def _draw(charts: list[object], paths: list[Path], scale: float) -> None:
    if find_spec("kaleido") is None:
        raise PassportError("Pictures need the extra `images`: pip install 'building-passport[images]'.")
    import plotly.io
    from choreographer.errors import ChromeNotFoundError

    try:
        plotly.io.write_images(fig=charts, file=paths, width=_WIDTH_PX, scale=scale)
    except (ChromeNotFoundError, RuntimeError) as error:
        raise PassportError(
            "Pictures need a Chrome or Chromium browser; install one, or run `plotly_get_chrome`."
        ) from error
