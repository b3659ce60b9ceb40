"""Commands on reuse and change: `match` parts of buildings with a design, and the design `checklist`."""

from __future__ import annotations

import csv
import dataclasses
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from passport.cli_input import Model, fail, read_model
from reference.errors import BuildingPassportError
from reference.writing import replacing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from passport.circularity.detachability import PartDetachability
    from passport.circularity.reuse_matching import Matching

_SHOWN = 15


def match(
    design: Annotated[Path, typer.Argument(help="The design that needs parts: IFC model or passport.json.")],
    supply: Annotated[
        list[Path], typer.Option("--supply", help="A building that gives parts; give several.")
    ],
    tolerance: Annotated[
        float, typer.Option("--tolerance", min=0, help="Sections and openings may differ by this [m].")
    ] = 0.005,
    cutting_loss: Annotated[
        float, typer.Option("--cutting-loss", min=0, help="Taken from a member at each cut [m].")
    ] = 0.01,
    distance: Annotated[
        float | None,
        typer.Option(
            "--distance", min=0, help="Between the buildings and the site [km].", show_default=False
        ),
    ] = None,
    transport: Annotated[
        float | None,
        typer.Option(
            "--transport", min=0, help="Of transport [kg CO2 eq per kg and km].", show_default=False
        ),
    ] = None,
    needed_by: Annotated[
        datetime | None, typer.Option("--needed-by", formats=["%Y-%m-%d"], show_default=False)
    ] = None,
    available_from: Annotated[
        datetime | None, typer.Option("--available-from", formats=["%Y-%m-%d"], show_default=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the pairs to this CSV file.", show_default=False)
    ] = None,
) -> None:
    """Parts of other buildings for a design: the pairs that avoid the most greenhouse gases, exactly."""
    from passport.circularity.avoided import new_material_kg_co2e
    from passport.circularity.reuse_matching import components_of, greedy
    from passport.circularity.reuse_matching import match as matched

    try:
        wanted, without = components_of(read_model(design))
        offered = []
        for path in supply:
            ready = None if available_from is None else available_from.date()
            parts, _ = components_of(read_model(path), available_from=ready)
            offered += [dataclasses.replace(each, id=f"{path.stem}:{each.id}") for each in parts]
        distances = None
        if distance is not None:
            distances = {(s.id, d.id): distance for s in offered for d in wanted}
        options = {
            "tolerance_m": tolerance,
            "cutting_loss_m": cutting_loss,
            "distances_km": distances,
            "needed_by": None if needed_by is None else needed_by.date(),
            "saved_per_kg": new_material_kg_co2e(),
            "transport_kg_co2e_per_kg_km": transport,
        }
        found = matched(offered, wanted, **options)  # type: ignore[arg-type]
        baseline = greedy(offered, wanted, **options)  # type: ignore[arg-type]
        if out is not None:
            _write_pairs(out, found)
    except (BuildingPassportError, ValueError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename or out}: cannot be written ({error.strerror or error}).")
    typer.echo(
        f"{len(found.pairs)} of {sum(each.count for each in wanted)} parts of the design can come from "
        f"{sum(each.count for each in offered)} offered ones; {len(without)} have no known size."
    )
    sure = "" if found.proved else " (the time ran out; more may be possible)"
    typer.echo(
        f"Avoided {found.total_gain_kg_co2e:,.0f} kg CO2 eq{sure}; taking the best pair first would give "
        f"{baseline.total_gain_kg_co2e:,.0f}."
    )
    for pair in found.pairs[:_SHOWN]:
        typer.echo(f"- {pair.supply_id} -> {pair.demand_id}: {pair.gain_kg_co2e:,.1f} kg CO2 eq")
    if len(found.pairs) > _SHOWN:
        typer.echo(f"... and {len(found.pairs) - _SHOWN} more; see --out.")
    reasons: dict[str, int] = {}
    for each in found.unmatched:
        reasons[each.reason] = reasons.get(each.reason, 0) + 1
    for reason, number in sorted(reasons.items(), key=lambda item: (-item[1], item[0]))[:5]:
        typer.echo(f"{number} without: {reason}")
    for note in found.notes:
        typer.echo(f"note: {note}", err=True)


def checklist(
    model: Model,
    answers: Annotated[
        Path | None,
        typer.Option(
            "--answers", help="Your answers (CSV: number, answer, note, by, date).", show_default=False
        ),
    ] = None,
    guidelines: Annotated[
        Path | None,
        typer.Option("--guidelines", help="The list of another body (CSV).", show_default=False),
    ] = None,
    function: Annotated[
        str | None, typer.Option("--function", help="Function of the building.", show_default=False)
    ] = None,
) -> None:
    """Design for change: each guideline with the answer of the model, or yours."""
    from passport.circularity.checklist import checklist as answered
    from passport.circularity.checklist import load_answers, load_guidelines
    from passport.circularity.study import study_dismantling

    try:
        house = read_model(model)
        rows = answered(
            house,
            None if answers is None else load_answers(answers),
            guidelines=None if guidelines is None else load_guidelines(guidelines),
            detachability=_of_cores(study_dismantling(house).detachability.parts),
            building_function=function,
        )
    except (BuildingPassportError, ValueError) as error:
        fail(str(error))
    for row in rows:
        who = f" ({row.origin})" if row.origin != "none" else ""
        typer.echo(f"{row.guideline.number:7}{row.answer:8}{row.guideline.name}{who}: {row.evidence}")
    open_ones = sum(row.answer == "unknown" for row in rows)
    typer.echo(f"{open_ones} of {len(rows)} are open; the names are those of OVAM, the questions ours.")


def _of_cores(parts: Iterable[PartDetachability]) -> dict[str, tuple[float, float]]:
    """Index by GlobalId: that of the part that carries the others."""
    return {part.unit.global_id: (part.index.low, part.index.high) for part in parts if part.unit.core}


def _write_pairs(path: Path, found: Matching) -> None:
    with replacing(path) as stream:
        rows = csv.writer(stream)
        rows.writerow(
            (
                "supply_id", "supply_piece", "demand_id", "demand_piece", "offcut_m", "distance_km",
                "saved_kg_co2e", "transport_kg_co2e", "gain_kg_co2e", "reasons",
            )
        )  # fmt: skip
        for pair in found.pairs:
            rows.writerow(
                (
                    pair.supply_id, pair.supply_piece, pair.demand_id, pair.demand_piece, pair.offcut_m,
                    pair.distance_km, pair.saved_kg_co2e, pair.transport_kg_co2e, pair.gain_kg_co2e,
                    "; ".join(pair.reasons),
                )
            )  # fmt: skip
