"""Material circularity indicator of a building, between what is sure and what is possible.

Inputs: recycled content of the library (its bounds; unknown = none to all), reuse at building in only where
the model states it, biological feedstock of materials that hold biogenic carbon only at the upper end (nobody
knows whether it is sustained). Outputs: the sure route at the lower end, the best one at the upper. The sum
over parts is to be confirmed ("verify"), see `passport.circularity.indicators`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from passport.circularity.indicators import Mci, MciInput, mci_of_parts
from passport.circularity.route_kinds import RECYCLING, REUSE, UNKNOWN_ROUTE
from passport.circularity.route_options import PartRoutes
from passport.models import Passport
from reference.materials import load_materials

#: From this share of biogenic carbon a material counts as biological [kg C per kg].
_BIOLOGICAL = 0.3


@dataclass(frozen=True, slots=True)
class BuildingMci:
    """Indicator of a building with every term at both ends.

    Attributes:
        low, high: terms at the lower and the upper end; their `mci` are the bounds.
        mass_kg: mass of the parts with a known material; the others are not in it.
        unknown_kg: mass of parts of unknown material.
    """

    low: Mci
    high: Mci
    mass_kg: float
    unknown_kg: float


def building_mci(passport: Passport, routes: Sequence[PartRoutes]) -> BuildingMci | None:
    """Bounds of the indicator; None where no mass is known.

    Args:
        routes: from `route_options` of the same passport.

    Example:
        >>> found = building_mci(house, routes)  # doctest: +SKIP
        >>> round(found.low.mci, 2), round(found.high.mci, 2)  # doctest: +SKIP
        (0.46, 0.84)
    """
    stated = {element.global_id: element.reuse_in_share or 0.0 for element in passport.elements}
    ends: tuple[list[MciInput], list[MciInput]] = ([], [])
    unknown = 0.0
    for each in routes:
        if not each.mass_kg:
            continue
        if each.probable == UNKNOWN_ROUTE or each.proposal.material_id is None:
            unknown += each.mass_kg
            continue
        reused = stated.get(each.proposal.global_id, 0.0)
        for high, parts in enumerate(ends):
            parts.append(_input(each, each.mass_kg, reused, bool(high)))
    if not ends[0]:
        return None
    mass = sum(part.mass_kg for part in ends[0])
    return BuildingMci(mci_of_parts(ends[0]), mci_of_parts(ends[1]), mass, unknown)


def _input(part: PartRoutes, mass_kg: float, reused: float, high: bool) -> MciInput:
    material = load_materials()[part.proposal.material_id or ""]
    known = material.recycled_content_share is not None
    low_share = material.recycled_content_low if known else 0.0
    high_share = material.recycled_content_high if known else 1.0
    recycled = min((high_share if high else low_share) or 0.0, 1.0 - reused)
    biological = (material.biogenic_carbon_kg_per_kg or 0.0) >= _BIOLOGICAL
    route = part.high if high else part.low
    return MciInput(
        mass_kg=mass_kg,
        recycled_input_share=recycled,
        reused_input_share=reused,
        biological_input_share=1.0 - recycled - reused if high and biological else 0.0,
        recycled_output_share=1.0 if route in RECYCLING else 0.0,
        reused_output_share=1.0 if route in REUSE else 0.0,
    )
