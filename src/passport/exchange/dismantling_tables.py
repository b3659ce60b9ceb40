"""The dismantling plan and the routes of every part as CSV."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reference.writing import replacing

if TYPE_CHECKING:
    from passport.circularity.dismantling import DismantlingPlan
    from passport.circularity.route_options import PartRoutes


def write_plan(path: str | Path, plan: DismantlingPlan) -> None:
    """Write one row per step, in order.

    Raises:
        OSError: the file cannot be written.
    """
    with replacing(Path(path)) as stream:
        rows = csv.writer(stream)
        rows.writerow(
            (
                "number", "phase", "unit_id", "global_id", "part", "name", "ifc_class", "storey", "room",
                "material_id", "mass_kg", "brand_layer", "hazard", "leaves_after", "block", "minutes_low",
                "minutes_high", "crew",
            )
        )  # fmt: skip
        for step in plan.steps:
            u = step.unit
            rows.writerow(
                (
                    step.number, u.phase, u.unit_id, u.global_id, u.portion, u.name, u.ifc_class, u.storey,
                    u.room, u.material_id, u.mass_kg, u.brand_layer, u.suspected,
                    " ".join(step.blocked_by), step.block or "", step.minutes_low,
                    step.minutes_high, step.crew,
                )
            )  # fmt: skip


def write_part_routes(path: str | Path, routes: Sequence[PartRoutes]) -> None:
    """Write one row per part: routes, blocker, codes, decision, and every gate of the best route.

    Raises:
        OSError: the file cannot be written.
    """
    with replacing(Path(path)) as stream:
        rows = csv.writer(stream)
        rows.writerow(
            (
                "unit_id", "global_id", "material_id", "family", "storey", "mass_kg", "today", "low",
                "probable", "high", "best_of_family", "blocker", "reason", "action", "ewc",
                "ewc_if_hazardous", "decision", "decided_by", "saved_low_kg_co2e",
                "saved_high_kg_co2e", "gates",
            )
        )  # fmt: skip
        for each in routes:
            p, gate = each.proposal, each.blocker
            gates = "; ".join(
                f"{option.kind}: " + ", ".join(f"{g.name} {g.verdict}" for g in option.gates)
                for option in each.options
            )
            rows.writerow(
                (
                    each.unit_id, p.global_id, p.material_id, p.family, p.storey, each.mass_kg, each.today,
                    each.low, each.probable, each.high, each.blocked, "" if gate is None else gate.name,
                    "" if gate is None else gate.reason, "" if gate is None else gate.action, each.ewc,
                    each.ewc_if_hazardous, each.decision, each.decided_by, each.saved_low_kg_co2e,
                    each.saved_high_kg_co2e, gates,
                )
            )  # fmt: skip
