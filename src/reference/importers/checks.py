"""What is doubtful about datasets that were read: expiry, signs, orders of magnitude, gaps.

Nothing is changed here and nothing is refused; a finding of severity "error" means that the dataset must not
be used as it is. Bounds without a source are ours and are meant to catch wrong units, not to judge products.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

import numpy as np

from reference.importers.codes import codes
from reference.importers.epd import Epd
from reference.importers.findings import ImportFinding, Severity
from reference.vocabulary import CORE_INDICATORS, INDICATORS, Indicator, Stage

#: Indicators that differ little between databases for one kind of product: ten times the median is odd.
STEADY: tuple[Indicator, ...] = (
    Indicator.GWP_FOSSIL,
    Indicator.ADPF,
    Indicator.AP,
    Indicator.EP_MARINE,
    Indicator.EP_TERRESTRIAL,
    Indicator.POCP,
)
#: Indicators that differ by a factor of ten and more between databases: only a hundred times is odd.
UNSTEADY: tuple[Indicator, ...] = (Indicator.EP_FRESHWATER, Indicator.ADPE, Indicator.WDP)
ODD, WRONG = 10.0, 100.0

END_OF_LIFE = (Stage.C1, Stage.C2, Stage.C3, Stage.C4, Stage.D)
#: Carbonation takes up CO2 in use, so B1 may be negative; D is a balance.
MAY_BE_NEGATIVE = frozenset({"B1", "D"})
#: Share by which GWP-total may differ from fossil + biogenic + luluc: printed values have three digits.
SUM_TOLERANCE = 0.02
#: kBq U-235 eq per MJ of primary energy; electricity from nuclear power alone has about 0.1.
MAX_IRP_PER_MJ = 1.0
#: kg/m3, from aerogel and empty foam to lead and copper.
DENSITY_RANGE = (1.0, 25_000.0)
PROPERTIES_DISAGREE = 2.0
CO2_PER_CARBON = 44.0 / 12.0

_Note = Callable[..., ImportFinding]


def check_epds(
    datasets: Iterable[Epd], assignments: Mapping[str, str] | None = None, *, on: dt.date | None = None
) -> tuple[ImportFinding, ...]:
    """Findings of all datasets.

    Args:
        assignments: UUID by material id; orders of magnitude are compared with the family of the material.
        on: day for which expiry is checked; default: today.

    Example:
        >>> old = Epd(uuid="1", name="old brick", valid_until="2020", standard="A1",
        ...           values={("GWP (A1)", "A1-A3", ""): 0.2})
        >>> [finding.code for finding in check_epds([old], on=dt.date(2026, 1, 1))][:2]
        ['a1-set', 'expired']
    """
    day = on if on is not None else dt.date.today()
    materials: dict[str, list[str]] = {}
    for material_id, uuid in (assignments or {}).items():
        materials.setdefault(uuid, []).append(material_id)
    found: list[ImportFinding] = []
    for epd in datasets:
        found.extend(check_epd(epd, materials.pop(epd.uuid, []), on=day))
    for uuid, ids in materials.items():
        message = f"is assigned to {', '.join(ids)}, but is not there."
        found.append(ImportFinding("assigned-missing", "error", "", uuid, "materials", message))
    return tuple(found)


def check_epd(epd: Epd, materials: Iterable[str], *, on: dt.date) -> Iterator[ImportFinding]:
    """Findings of one dataset, which stands for these materials (ids)."""

    def note(
        severity: Severity, code: str, field: str, message: str, hint: str | None = None
    ) -> ImportFinding:
        return ImportFinding(code, severity, epd.source_file, epd.uuid, field, f"{epd.name}: {message}", hint)

    ids = list(materials)
    yield from _use(epd, ids, note)
    yield from _expiry(epd, on, note)
    yield from _gaps(epd, note)
    yield from _signs(epd, note)
    yield from _sums(epd, note)
    yield from _properties(epd, note)
    yield from _carbon(epd, note)
    yield from _radiation(epd, note)
    yield from _magnitudes(epd, ids, note)


def _use(epd: Epd, materials: list[str], note: _Note) -> Iterator[ImportFinding]:
    from reference.materials import load_materials

    library = load_materials()
    reason = epd.why_not_usable()
    if epd.standard == "A1":
        yield note("info", "a1-set", "standard", "holds the EN 15804+A1 set and is never mixed with +A2.")
    elif reason is not None:
        yield note("warning", "not-usable", "declared unit", f"cannot stand for a material: {reason}.")
    for material_id in materials:
        if material_id not in library:
            near = ", ".join(library.similar(material_id))
            hint = f"Did you mean {near}?" if near else None
            yield note("error", "unknown-material", "materials", f"{material_id} is no material.", hint)
        elif reason is not None:
            yield note(
                "error", "assigned-not-usable", "materials", f"stands for {material_id}, but {reason}."
            )
    if epd.subtype == "template":
        yield note("warning", "template", "subtype", "is a template, not a declaration.")


def _expiry(epd: Epd, on: dt.date, note: _Note) -> Iterator[ImportFinding]:
    last = epd.last_valid_day()
    if last is None:
        yield note("info", "no-expiry", "valid_until", "does not say until when it is valid.")
    elif last < on:
        yield note(
            "warning",
            "expired",
            "valid_until",
            f"was valid until {last.isoformat()}.",
            "Look for a newer one.",
        )


def _gaps(epd: Epd, note: _Note) -> Iterator[ImportFinding]:
    present = set(epd.stages)
    if Stage.A1_A3 not in present:
        yield note("warning", "no-production", "A1-A3", "declares no module A1-A3, nor A1, A2 and A3.")
    missing = [stage.value for stage in END_OF_LIFE if stage not in present]
    if missing:
        yield note(
            "info", "modules-not-declared", ", ".join(missing), "has no values there; unknown, not zero."
        )
    if epd.standard != "A2":
        return
    for stage in (Stage.A1_A3, *END_OF_LIFE):
        gaps = [item.value for item in CORE_INDICATORS if epd.stage_value(item, stage) is None]
        if stage in present and gaps:
            yield note(
                "warning", "core-indicators-not-declared", stage.value, f"has no value of {', '.join(gaps)}."
            )
    additional = [item.value for item in INDICATORS if item not in CORE_INDICATORS]
    gaps = [item for item in additional if epd.stage_value(item, Stage.A1_A3) is None]
    if gaps and Stage.A1_A3 in present:
        yield note(
            "info", "additional-indicators-not-declared", "A1-A3", f"has no value of {', '.join(gaps)}.",
            "A single score of this product is partial.",
        )  # fmt: skip


def _place(code: str, module: str, scenario: str) -> str:
    return ", ".join(part for part in (code, module, scenario) if part)


def _signs(epd: Epd, note: _Note) -> Iterator[ImportFinding]:
    for (code, module, scenario), value in epd.values.items():
        if value < 0 and codes()[code].never_negative and module not in MAY_BE_NEGATIVE:
            where = _place(code, module, scenario)
            yield note(
                "warning", "negative", where, f"{value:g} {codes()[code].unit} cannot be negative there."
            )


def _sums(epd: Epd, note: _Note) -> Iterator[ImportFinding]:
    parts = (Indicator.GWP_FOSSIL, Indicator.GWP_BIOGENIC, Indicator.GWP_LULUC)
    for code, module, scenario in epd.values:
        if code != Indicator.GWP_TOTAL:
            continue
        total = epd.values[code, module, scenario]
        known = [epd.values.get((part.value, module, scenario)) for part in parts]
        given = [value for value in known if value is not None]
        if len(given) == len(parts):
            size = max(abs(total), sum(map(abs, given)))
            if abs(total - sum(given)) > SUM_TOLERANCE * size:
                yield note(
                    "warning", "gwp-sum", _place(code, module, scenario),
                    f"is {total:g}, but fossil + biogenic + luluc are {sum(given):g} kg CO2 eq.",
                )  # fmt: skip


def _properties(epd: Epd, note: _Note) -> Iterator[ImportFinding]:
    own = epd.properties
    for name, density in (
        ("density_kg_m3", own.density_kg_m3),
        ("bulk_density_kg_m3", own.bulk_density_kg_m3),
    ):
        if density is not None and not DENSITY_RANGE[0] <= density <= DENSITY_RANGE[1]:
            yield note("warning", "density", name, f"{density:g} kg/m3 is no density of a building material.")
    mass, quantity = epd.kg_per_declared_unit(), epd.declared_quantity
    others: list[tuple[str, float]] = []
    if quantity is not None and epd.declared_unit == "m2":
        if own.area_weight_kg_m2 is not None:
            others.append(("area_weight_kg_m2", quantity * own.area_weight_kg_m2))
        if own.density_kg_m3 is not None and own.thickness_m is not None:
            others.append(("density_kg_m3 x thickness_m", quantity * own.density_kg_m3 * own.thickness_m))
    elif quantity is not None and epd.declared_unit == "m3" and own.density_kg_m3 is not None:
        others.append(("density_kg_m3", quantity * own.density_kg_m3))
    elif quantity is not None and epd.declared_unit == "m" and own.linear_weight_kg_m is not None:
        others.append(("linear_weight_kg_m", quantity * own.linear_weight_kg_m))
    elif quantity is not None and epd.declared_unit == "pcs" and own.piece_weight_kg is not None:
        others.append(("piece_weight_kg", quantity * own.piece_weight_kg))
    for name, kg in others:
        if mass.kg and kg > 0 and max(mass.kg / kg, kg / mass.kg) > PROPERTIES_DISAGREE:
            yield note(
                "warning", "properties-disagree", name,
                f"gives {kg:g} kg for the declared unit; used is {mass.kg:g} kg ({mass.how}).",
            )  # fmt: skip


def _carbon(epd: Epd, note: _Note) -> Iterator[ImportFinding]:
    product, packaging = epd.properties.biogenic_carbon_kg, epd.properties.biogenic_carbon_packaging_kg
    if packaging:
        yield note(
            "info", "packaging-carbon", "biogenic_carbon_packaging_kg",
            f"{packaging:g} kg C is in the packaging; it is not counted as carbon of the product.",
        )  # fmt: skip
    if product == 1.0 and packaging == 1.0:
        yield note(
            "warning", "carbon-placeholder", "biogenic_carbon_kg", "1 kg C in product and packaging alike."
        )
    gwp = epd.stage_value(Indicator.GWP_BIOGENIC, Stage.A1_A3)
    if product and gwp is not None:
        expected = -CO2_PER_CARBON * product
        if abs(gwp - expected) > 0.5 * abs(expected):
            yield note(
                "warning", "carbon-and-gwp", "biogenic_carbon_kg",
                f"{product:g} kg C is {-expected:g} kg CO2 taken up; GWP-biogenic of A1-A3 is {gwp:g}.",
            )  # fmt: skip


def _radiation(epd: Epd, note: _Note) -> Iterator[ImportFinding]:
    for code, module, scenario in epd.values:
        energy = [epd.values.get((name, module, scenario)) for name in ("PENRT", "PERT")]
        if code == Indicator.IRP and all(value is not None for value in energy):
            irp, primary = epd.values[code, module, scenario], sum(abs(value or 0.0) for value in energy)
            if abs(irp) > MAX_IRP_PER_MJ * primary and abs(irp) > 1.0:
                yield note(
                    "warning", "outlier", _place(code, module, scenario),
                    f"{irp:g} kBq U-235 eq on {primary:g} MJ of primary energy is not plausible.",
                )  # fmt: skip


def _magnitudes(epd: Epd, materials: list[str], note: _Note) -> Iterator[ImportFinding]:
    from reference.materials import load_materials

    if epd.why_not_usable() is not None:
        return
    library = load_materials()
    families = dict.fromkeys(library[item].family for item in materials if item in library)
    own = epd.per_kg()
    for family in families:
        medians = family_medians(family)
        for indicator in (*STEADY, *UNSTEADY):
            value, median = own.get((indicator, Stage.A1_A3)), medians.get(indicator)
            if not value or not median or value * median < 0:
                continue
            ratio = max(value / median, median / value)
            limit = ODD if indicator in STEADY else WRONG
            if ratio > limit:
                severity: Severity = "error" if indicator in STEADY and ratio > WRONG else "warning"
                yield note(
                    severity, "outlier", f"{indicator}, A1-A3",
                    f"{value:.3g} {indicator.unit} per kg is {ratio:.0f} times "
                    f"{'more' if value / median > 1 else 'less'} than usual for {family} ({median:.3g}).",
                    "Compare the declared unit and its mass with the printed declaration.",
                )  # fmt: skip


@cache
def family_medians(family: str) -> Mapping[Indicator, float]:
    """Median of A1-A3 per kg over the different datasets of a family of the shipped library.

    Indicators without a figure are absent.

    Example:
        >>> 0.02 < family_medians("concrete")[Indicator.GWP_FOSSIL] < 0.5
        True
    """
    from reference.factors import load_factors
    from reference.materials import load_materials

    factors = load_factors()
    rules = {item.material_id: item.factor_rule for item in load_materials().by_family(family)}
    ids = [material_id for material_id, rule in rules.items() if rule == "dataset"]
    # A dataset that stands for several materials counts once.
    rows = {factors.sources[row]: int(row) for row in factors.index_of(ids) if row >= 0}
    out: dict[Indicator, float] = {}
    for position, indicator in enumerate(factors.indicators):
        known = factors.values[list(rows.values()), position, factors.stages.index(Stage.A1_A3)]
        known = known[~np.isnan(known)]
        if len(known) and math.isfinite(float(np.median(known))):
            out[indicator] = float(np.median(known))
    return out
