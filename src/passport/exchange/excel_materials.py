"""The review of material names as an Excel workbook, with the library beside it to choose from."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from passport.exchange.csv_tables import MATERIAL_COLUMNS
from passport.exchange.excel_tables import Sheet, write_workbook
from passport.review import ReviewLine, alternatives_text
from reference.materials import MaterialLibrary

_LIBRARY = ("material_id", "family", "name_en", "name_nl", "name_fr", "name_de", "density_kg_m3")
_HOW = (
    "Change material_id where the proposal is wrong (empty: unknown), or write yes in decided to confirm it.",
    "Run again with: building-passport assess MODEL --mapping THIS_FILE. Your choice wins.",
    "To undo a choice, copy the proposal back into material_id and empty decided, or delete the row.",
    "A row is found by name and use, so it also holds for the next version of the model.",
    "Elements without a material stand under 'no material' and the name of their type.",
)


def write_materials_workbook(path: Path, lines: Iterable[ReviewLine], library: MaterialLibrary) -> None:
    """Sheets `materials` (to edit), `library` (what may be chosen) and `how`.

    Raises:
        OSError: the file cannot be written.
    """
    rows = [
        (
            r.name, r.use, r.material_id, r.family, r.score, r.reason, r.elements, r.volume_m3, r.mass_kg,
            r.mass_share, r.step, alternatives_text(r.alternatives), r.proposal, "yes" if r.decided else "",
        )
        for r in lines
    ]  # fmt: skip
    known = [
        (m.material_id, m.family, *(m.names[k] for k in ("en", "nl", "fr", "de")), m.density_kg_m3)
        for m in library.values()
    ]
    write_workbook(
        path,
        [
            Sheet(
                "materials",
                MATERIAL_COLUMNS,
                rows,
                edited=frozenset({"material_id", "decided"}),
                choices={"material_id": ("library", "material_id")},
                formats={"score": "0.00", "volume_m3": "0.00", "mass_kg": "#,##0", "mass_share": "0.0%"},
            ),
            Sheet("library", _LIBRARY, known),
            Sheet("how", ("how",), [(line,) for line in _HOW]),
        ],
    )
