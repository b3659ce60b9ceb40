"""Portions of one window, door or curtain wall: frame, leaf, glass and hardware, each with its volume.

Three cases. The element has no volume: the geometry of `fillings` for its area. It has a volume and materials
without shares: they share it as frame and glass do. It has a volume and shares (drawn items, one material):
the volumes stay, but a profile drawn full, a leaf drawn full and an insulating unit drawn as a block are not
weighed as solid.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from passport.findings import FindingLog, Severity
from passport.ifc.allotment import Allotment, ranged
from passport.ifc.elements import RawElement
from passport.ifc.filling_shares import allot, frame_kind, parts_of
from passport.ifc.fillings import DEFAULT, Family, Range, exactly, fill_opening, needed
from passport.ifc.frame_layers import HOLLOW_LEAF_FROM_M
from passport.ifc.materials import ASSUMED, RawPortion
from passport.ifc.quantities import Resolved
from passport.ifc.stated_sizes import StatedSizes
from passport.matching.models import Match

#: Groups of `piece_classes.csv` that are frame and glass.
FILLINGS = frozenset({"window", "door", "curtain wall"})

_UNITS = {2: "glass-insulating", 3: "glass-insulating-triple"}
_PANES = {name: panes for panes, name in _UNITS.items()}
_FLAT = "glass-flat"
#: `share_origin` of a material that is not that of the frame: a fitting, or a pattern of the drawing.
NOT_TOLD = "not told"
#: A material whose density is nearer than this to that of the envelope is the envelope.
_ENVELOPE = 1.3


class FillingParts:
    """One element while the volumes of its materials are found.

    Args:
        library: materials of the library by id.
        log: for findings.
        raw: the element.
        parts, matches: its materials and what they were matched with.
        resolved: its quantities; the area is that of the opening.
        sizes: what the model states of frame and panes.
    """

    def __init__(
        self,
        library: Any,
        log: FindingLog,
        raw: RawElement,
        parts: Sequence[RawPortion],
        matches: Sequence[Match],
        resolved: Resolved,
        sizes: StatedSizes,
    ) -> None:
        self._library = library
        self._log = log
        self._raw = raw
        self._parts = parts
        self._matches = matches
        self._resolved = resolved
        self._use = sizes.group
        self._made = parts_of(self._use, [(m.material_id, m.family) for m in matches])
        self._assumed: list[str] = []
        area = resolved.area_m2
        glass = self._has_glass = any(p is not None and p.part == "glass" for p in self._made)
        panes = next((_PANES[m.material_id] for m in matches if m.material_id in _PANES), None)
        self._filling = (
            None
            if area is None
            else fill_opening(self._use, frame_kind(self._made), sizes, area, has_glass=glass, panes=panes)
        )

    def solve(self) -> list[Allotment | None] | None:
        """One allotment per material, None for one that is as the model has it; None without any rule."""
        filling, volume = self._filling, self._resolved.volume_m3
        if filling is None or all(p is None for p in self._made):
            return None
        self._note_missing()
        unshared = any(p.share_origin == ASSUMED for p in self._parts)
        if volume is not None and not unshared:
            volumes: list[Range | None] = [
                None if p.share is None else exactly(volume * p.share) for p in self._parts
            ]
            found = self._as_drawn(volumes, volume)
        elif not unshared and len(self._parts) > 1:
            whole = filling.envelope_m3.plus(filling.glass_m3)
            volumes = [None if p.share is None else whole.scaled(p.share) for p in self._parts]
            found = self._finish(volumes, None, [p.share_origin for p in self._parts])
        else:
            volumes, block = allot(self._made, filling, volume, use=self._use)
            if block:
                self._note(
                    "drawn-full",
                    f"is drawn as a block of {volume:.3g} m3; frame and glass were taken from its area",
                    "Draw frame and panes apart, or state their sizes.",
                )
            found = self._finish(volumes, None if block else volume, [filling.origin] * len(volumes))
        assumed = dict.fromkeys(self._assumed)
        if assumed:
            self._note(
                "filling-assumed",
                f"states too little of its frame and glass; assumed were: {', '.join(assumed)} "
                f"({filling.kind} frame)",
                "State lining and panel sizes, or the glazing area fraction and the glass layers.",
            )
        return found

    # -- cases ----------------------------------------------------------------------------------------

    def _finish(
        self, volumes: Sequence[Range | None], volume_m3: float | None, origins: Sequence[str]
    ) -> list[Allotment | None]:
        """Volumes from the geometry, envelopes as drawn, become volumes of material."""
        filling = self._filling
        assert filling is not None
        of_glass = {"panes", "pane thickness"}
        self._assumed += [a for a in filling.assumed if self._has_glass or a not in of_glass]
        material: list[tuple[Range | None, Allotment]] = []
        net = self._net_glass(volumes) if volume_m3 is not None else None
        for volume, made, match, origin in zip(volumes, self._made, self._matches, origins, strict=True):
            empty = Allotment(None, None, origin, 0.0, 1.0)
            if volume is None:
                material.append((None, replace(empty, origin=NOT_TOLD)))
            elif made is not None and made.part == "glass":
                scaled = volume if net is None else volume.times(net[0])
                panes = filling.panes if net is None else net[1]
                material.append((scaled, self._glass(match, panes, empty)))
            elif made is not None and made.part == "hardware":
                material.append((volume, empty))
            else:
                material.append(self._frame(volume, made, match, empty))
        whole = self._resolved.volume_m3 or math.fsum(v.value for v, _ in material if v is not None)
        found: list[Allotment | None] = []
        for volume, rest in material:
            if volume is None:
                found.append(rest)
                continue
            one = ranged(
                volume,
                whole,
                rest.origin,
                density=self._envelope_density(rest),
                modelled=self._resolved.volume_m3 is None,
            )
            found.append(replace(one, material_id=rest.material_id, density=rest.density, reason=rest.reason))
        return found

    def _as_drawn(self, volumes: Sequence[Range | None], volume_m3: float) -> list[Allotment | None] | None:
        """Only what is drawn fuller than it is gets an allotment."""
        filling = self._filling
        assert filling is not None
        net = self._net_glass(volumes)
        found: list[Allotment | None] = []
        shown: list[str] = []
        for volume, made, match, part in zip(volumes, self._made, self._matches, self._parts, strict=True):
            rule: tuple[Range | None, Allotment] | None = None
            empty = Allotment(None, part.share, part.share_origin)
            if volume is None or made is None:
                pass
            elif made.part == "glass":
                if not (match.by_user and match.family == _FLAT) and (
                    net[1] > 1 or match.material_id in _PANES
                ):
                    rule = volume.times(net[0]), self._glass(match, net[1], empty)
                    if net[0].value < 1:
                        shown.append(f"{net[1]:.0f} panes, not a block of glass, in {part.name!r}")
            elif made.part == "frame" and not match.by_user and made.kind != "steel":
                thick = volume.value / filling.area_m2 > HOLLOW_LEAF_FROM_M
                if thick or made.kind == "unknown":
                    rule = self._frame(volume, made, match, empty, stiles=self._has_glass)
                    if rule[0] is not None and rule[0].value < volume.value:
                        shown.append(
                            f"{rule[0].value / volume.value:.0%} of a leaf drawn full of {part.name!r}"
                        )
                    elif rule[1].material_id is not None:
                        shown.append(f"a hollow profile of {part.name!r}")
                    elif rule[1].density is None:
                        rule = None
            if rule is None or rule[0] is None:
                found.append(None)
                continue
            one = ranged(rule[0], volume_m3, part.share_origin, density=self._envelope_density(rule[1]))
            found.append(
                replace(one, material_id=rule[1].material_id, density=rule[1].density, reason=rule[1].reason)
            )
        if shown:
            self._note(
                "drawn-full",
                f"is drawn fuller than it is: counted were {'; '.join(dict.fromkeys(shown))}",
                "If it is solid, say so in materials.csv and run again with --mapping.",
            )
        return found if any(f is not None for f in found) else None

    # -- parts ----------------------------------------------------------------------------------------

    def _net_glass(self, volumes: Sequence[Range | None]) -> tuple[Range, float]:
        """(panes as a share of the drawn glass, number of panes); 1 pane where they are drawn as such."""
        filling = self._filling
        assert filling is not None
        drawn = math.fsum(
            v.value
            for v, p in zip(volumes, self._made, strict=True)
            if v is not None and p is not None and p.part == "glass"
        )
        glazed = filling.glazed_m2.value
        if drawn <= 0 or glazed <= 0:
            return exactly(1.0), 1.0
        drawn_m = drawn / glazed
        if drawn_m <= needed(filling.use, "any", "unit_from").value:
            return exactly(1.0), 1.0
        # The only material of a window also stands for its frame, so that its thickness tells no panes.
        triple = len(self._parts) > 1 and drawn_m >= needed(filling.use, "any", "triple_from").value
        stated = not any(a in ("panes", "pane thickness") for a in filling.assumed)
        if stated:
            return filling.glass_m.scaled(1 / drawn_m).below(1.0), max(2.0, filling.panes)
        panes = max(2.0, filling.panes, 3.0 if triple else 2.0)
        pane = needed(filling.use, filling.kind, "pane_thickness")
        self._assumed.append("pane thickness")
        return pane.scaled(panes / drawn_m).below(1.0), panes

    def _glass(self, match: Match, panes: float, empty: Allotment) -> Allotment:
        """Panes have the density of glass, whatever that of the whole unit is in the library."""
        unit = _UNITS.get(round(panes))
        if match.by_user or match.family != _FLAT or match.material_id != _FLAT:
            unit = None
        if unit is None and match.material_id not in _PANES:
            return empty
        density = self._library[_FLAT].density_kg_m3
        return replace(
            empty,
            material_id=unit,
            density=(density, "library, of the panes"),
            reason=f"; taken as a unit of {panes:.0f} panes" if unit else "; volume of the panes without gas",
        )

    def _frame(
        self, volume: Range, made: Family | None, match: Match, empty: Allotment, *, stiles: bool = False
    ) -> tuple[Range | None, Allotment]:
        """Envelope volume of frame and leaf as volume of the material, or the envelope's material.

        The stiles of a leaf that is drawn around its glass are solid.
        """
        filling = self._filling
        assert filling is not None
        own = None if match.material_id is None else self._library[match.material_id].density_kg_m3
        envelope = "" if made is None else made.envelope_material_id
        if envelope:
            density = self._library[envelope].density_kg_m3
            if own is not None and own <= _ENVELOPE * density:
                return volume, empty
            if not match.by_user:
                return volume, replace(
                    empty, material_id=envelope, reason="; the envelope of a hollow profile, not solid"
                )
            return volume.times(filling.fill), empty
        if made is not None and made.kind == "unknown":
            if own is None and filling.density_kg_m3 is not None:
                self._assumed.append("density of frame and leaf")
                return volume, replace(empty, density=(filling.density_kg_m3.value, DEFAULT))
            return volume, empty
        if made is None or made.kind != filling.kind:
            return volume, empty
        solid = filling.fill if stiles else filling.solid
        return (volume if solid == exactly(1.0) else volume.times(solid)), empty

    def _envelope_density(self, rule: Allotment) -> Range | None:
        """The range of a density that was assumed; None for one of the library."""
        if self._filling is None or rule.density is None or rule.density[1] != DEFAULT:
            return None
        return self._filling.density_kg_m3

    # -- findings ---------------------------------------------------------------------------------------

    def _note(self, code: str, text: str, hint: str, severity: Severity = Severity.WARNING) -> None:
        self._log.add(code, severity, f"{title(self._raw)} {text}.", global_id=self._raw.global_id, hint=hint)

    def _note_missing(self) -> None:
        if self._use == "door":
            return
        made = {p.part for p in self._made if p is not None} & {"frame", "glass"}
        other = {"frame": ("without-glass", "glass"), "glass": ("without-frame", "frame")}
        if len(made) == 1:
            code, missing = other[made.pop()]
            names = ", ".join(dict.fromkeys(repr(p.name) for p in self._parts))
            self._note(
                f"window-{code}",
                f"has only the material {names[:120]}; its {missing} was not added",
                "Give it one material for the frame and one for the glass.",
                Severity.INFO,
            )


def title(raw: RawElement) -> str:
    """Class and name, or GlobalId, of an element for a sentence."""
    return f"{raw.ifc_class} {raw.name or raw.global_id}"
