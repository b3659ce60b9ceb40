"""Volumes of materials where volume x share is not it: fillings, conduits, pieces, fractions by weight.

Decides per element which rule holds and says so in findings; the rules are in `fillings`, `filling_shares`,
`hollow` and `pieces`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from passport.findings import FindingLog, Severity
from passport.ifc.allotment import Allotment, equal_share, ranged
from passport.ifc.body import Body
from passport.ifc.elements import RawElement
from passport.ifc.filling_parts import FILLINGS, FillingParts, title
from passport.ifc.fillings import Range
from passport.ifc.hollow import CONDUITS, drawn_full, outer_diameter, section_m2, wall_of
from passport.ifc.materials import ASSUMED, RawPortion
from passport.ifc.pieces import drawn_as_block
from passport.ifc.quantities import Resolved
from passport.ifc.stated_sizes import StatedSizes
from passport.matching.models import Match

#: A stated diameter further than this from the drawn one is that of something else.
_OTHER_SIZE = 0.25


class PartVolumes:
    """Finds the rule for an element and applies it.

    Args:
        library: materials of the library by id.
        log: for findings.
    """

    def __init__(self, library: Any, log: FindingLog) -> None:
        self._library = library
        self._log = log

    def of(
        self,
        raw: RawElement,
        parts: Sequence[RawPortion],
        matches: Sequence[Match],
        resolved: Resolved,
        sizes: StatedSizes | None,
        body: Body | None,
    ) -> list[Allotment | None]:
        """One allotment per part; None where volume x share holds."""
        group = "" if sizes is None else sizes.group
        found: list[Allotment | None] | None = None
        if sizes is not None and group in FILLINGS:
            found = FillingParts(self._library, self._log, raw, parts, matches, resolved, sizes).solve()
        elif sizes is not None and group in CONDUITS:
            found = self._conduit(raw, parts, matches, resolved, sizes, body)
        elif group in ("railing", "piece"):
            found = self._piece(raw, parts, matches, resolved, sizes, body)
        if found is None and any(p.share_origin == ASSUMED for p in parts):
            found = [equal_share(p, resolved.volume_m3) for p in parts]
        return found if found is not None else [None] * len(parts)

    # -- pipes, ducts ---------------------------------------------------------------------------------

    def _conduit(
        self,
        raw: RawElement,
        parts: Sequence[RawPortion],
        matches: Sequence[Match],
        resolved: Resolved,
        sizes: StatedSizes,
        body: Body | None,
    ) -> list[Allotment | None] | None:
        volume, length = resolved.volume_m3, resolved.length_m
        if volume is None:
            return self._tube(raw, parts, matches, length, sizes)
        diameter = drawn_full(volume, body, length, sizes)
        if diameter is None:
            return None
        found: list[Allotment | None] = []
        walls = []
        for part, match in zip(parts, matches, strict=True):
            outer = outer_diameter(sizes, sizes.group, match.family) or diameter
            if abs(outer / diameter - 1) > _OTHER_SIZE:
                outer = diameter  # the size of another end, or of the lining: the body is what is there
            wall = wall_of(sizes.group, match.family, sizes, outer)
            if wall is None or part.share is None:
                found.append(Allotment(None, part.share, part.share_origin))
                continue
            full = wall.share.scaled((outer / diameter) ** 2 * part.share)
            walls.append(wall)
            found.append(ranged(full.scaled(volume), volume, wall.origin))
        shown = "; ".join(
            f"wall {1000 * w.thickness_m.value:.3g} mm ({1000 * w.thickness_m.low:.3g}-"
            f"{1000 * w.thickness_m.high:.3g}) of diameter {1000 * w.diameter_m:.0f} mm"
            for w in walls[:1]
        )
        self._log.add(
            "drawn-full",
            Severity.WARNING,
            f"{title(raw)} is drawn as a full bar of {volume:.3g} m3; "
            + (f"its {shown} was counted." if shown else "its wall and its mass are unknown."),
            global_id=raw.global_id,
            hint="State the outer and inner diameter or the wall thickness.",
        )
        return found

    def _tube(
        self,
        raw: RawElement,
        parts: Sequence[RawPortion],
        matches: Sequence[Match],
        length: float | None,
        sizes: StatedSizes,
    ) -> list[Allotment | None] | None:
        """Round conduits without a shape, by stated diameter and length."""
        if length is None or any(p.share is None for p in parts):
            return None
        found: list[Allotment | None] = []
        for part, match in zip(parts, matches, strict=True):
            outer = outer_diameter(sizes, sizes.group, match.family)
            wall = None if outer is None else wall_of(sizes.group, match.family, sizes, outer)
            if outer is None or wall is None:
                return None
            sections = Range(*(section_m2(outer, w) for w in wall.thickness_m))
            volume = sections.scaled(length * (part.share or 0.0))
            found.append(ranged(volume, sections.value * length, wall.origin, modelled=True))
        return found

    # -- furniture, terminals, railings -----------------------------------------------------------------

    def _piece(
        self,
        raw: RawElement,
        parts: Sequence[RawPortion],
        matches: Sequence[Match],
        resolved: Resolved,
        sizes: StatedSizes | None,
        body: Body | None,
    ) -> list[Allotment | None] | None:
        row = None if sizes is None else sizes.piece
        if row is None or resolved.volume_m3 is None or all(m.by_user for m in matches):
            return None
        if not any(m.material_id and self._library[m.material_id].density_kg_m3 for m in matches):
            return None  # no mass anyway
        if drawn_as_block(row, body):
            code, text = "drawn-full", "is drawn as a block around it, so that its mass is unknown"
        elif resolved.volume_grade == "D":
            code, text = "mass-of-open-body", "has a shape that is not closed, so that its mass is unknown"
        else:
            return None
        self._log.add(
            code,
            Severity.WARNING,
            f"{title(raw)} {text}.",
            global_id=raw.global_id,
            hint="It counts as a piece; if it is solid, say so in materials.csv and run with --mapping.",
        )
        return [Allotment(None, p.share, p.share_origin) for p in parts]
