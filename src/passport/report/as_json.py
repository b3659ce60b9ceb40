"""The result of a run as one JSON object."""

from __future__ import annotations

from passport.report.result import ReportData


def as_json(data: ReportData) -> str:
    """JSON text of the result; figures that are not known are null.

    Names stay readable (UTF-8), and nothing in them can end a script element that holds the text.
    """
    return data.model_dump_json(indent=1, by_alias=True).replace("</", "<\\/")
