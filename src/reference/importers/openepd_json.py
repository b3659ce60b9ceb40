"""openEPD (Building Transparency), the parts that EN 15804 declarations use.

An own reader: the `openepd` package models the whole catalogue and refuses figures for reasons that are
not ours, such as kg P for freshwater eutrophication, and brings a web client along.

Impacts are by method. "EF 3.0" and "EF 3.1" mean EN 15804+A2, CML means +A1; all others (TRACI, ReCiPe) are
left out. Some converters label an A1 declaration "EF 3.0": the indicators decide, not the label.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from reference.importers.codes import IndicatorCode, of_set
from reference.importers.declared_units import declared_amount
from reference.importers.draft import EpdDraft
from reference.importers.epd import Epd, Properties, Standard
from reference.importers.findings import ImportResult, joined, refused
from reference.importers.ilcd_json import load_json

FORMAT = "openEPD"
#: Names that only a declaration of the A2 set has.
ONLY_A2 = frozenset({"gwp-fossil", "gwp-biogenic", "gwp-luluc", "ep-fresh", "ep-marine", "ep-terr", "WDP"})
#: Scopes that are no modules: how long B1 to B7 were counted, and scenarios, which are read apart.
NO_MODULE_SUFFIX = "_years"
SCENARIOS = "C_scenarios"


def is_openepd(document: object) -> bool:
    """Whether a JSON document is an openEPD declaration, or a list of them.

    Example:
        >>> is_openepd({"doctype": "openEPD"}), is_openepd({})
        (True, False)
    """
    return bool(_declarations(document))


def _declarations(document: object) -> list[dict[str, Any]]:
    listed = document if isinstance(document, list) else [document]
    return [
        item
        for item in listed
        if isinstance(item, dict)
        and (str(item.get("doctype", "")).lower() == "openepd" or {"declared_unit", "impacts"} <= item.keys())
    ]


def read_openepd(path: Path | str, *, skip_unknown: bool = False) -> ImportResult:
    """Declarations of an openEPD JSON file; a scope that is absent or null is not declared."""
    path = Path(path)
    document, problem = load_json(path)
    if problem is not None:
        return problem
    return openepd_datasets(document, path.name, skip_unknown=skip_unknown)


def openepd_datasets(document: Any, file: str, *, skip_unknown: bool = False) -> ImportResult:
    """As `read_openepd`, from a document that is already parsed."""
    found = _declarations(document)
    if not found:
        return refused(file, "not-openepd", "holds no openEPD declaration.")
    return joined(_dataset(item, file, skip_unknown) for item in found)


def _dataset(item: dict[str, Any], file: str, skip_unknown: bool) -> ImportResult:
    uuid = item.get("id")
    if not isinstance(uuid, str) or not uuid.strip():
        return refused(file, "dataset-without-uuid", "a declaration has no 'id'.", field="id")
    draft = EpdDraft(file, FORMAT, uuid.strip(), skip_unknown=skip_unknown)
    stated, ef = _take_impacts(draft, _object(draft, item, "impacts"))
    flows = {key: code for code in of_set("flow") for key in code.openepd_keys}
    for group in ("resource_uses", "output_flows"):
        for key, scopes in _object(draft, item, group).items():
            if key in flows:
                _take_scopes(draft, flows[key], scopes, f"{group}.{key}")
            elif key != "ext" and scopes:
                draft.note("info", "flow-left-out", f"{group}.{key}", "is no flow of EN 15804; left out.")
    quantity, unit = _measure(draft, item, "declared_unit")
    declared = draft.unit_amount(quantity, unit, "declared_unit")
    maker = item.get("manufacturer")
    epd: Epd | None = draft.build(
        stated=stated,
        name=draft.text(item.get("product_name") or item.get("name"), "product_name") or uuid,
        names={},
        version=draft.text(item.get("version"), "version"),
        owner=draft.text(maker.get("name"), "manufacturer.name") if isinstance(maker, dict) else "",
        location=", ".join(str(place) for place in item.get("applicable_in") or [] if isinstance(place, str)),
        subtype="specific" if item.get("doctype") in (None, "openEPD") else "",
        reference_year=None
        if not item.get("date_of_issue")
        else draft.year(str(item["date_of_issue"])[:4], "date_of_issue"),
        valid_until=draft.text(item.get("valid_until"), "valid_until")[:10],
        ef_version=ef,
        declared_quantity=declared[0],
        declared_unit=declared[1],
        properties=Properties(
            mass_kg=None if declared[1] == "kg" else _mass(draft, item, "kg_per_declared_unit"),
            biogenic_carbon_kg=_mass(draft, item, "kg_C_biogenic_per_declared_unit"),
        ),
        licence=draft.text(item.get("license"), "license"),
        url=draft.text(item.get("declaration_url"), "declaration_url"),
        service_life_years=draft.number(item.get("product_service_life_years"), "product_service_life_years"),
    )
    return ImportResult((epd,) if epd is not None else (), tuple(draft.findings))


def _object(draft: EpdDraft, item: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = item.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        draft.error("not-an-object", key, f"holds {type(value).__name__}, not an object.")
        return {}
    return value


def _measure(draft: EpdDraft, item: Mapping[str, Any], key: str) -> tuple[float | None, str]:
    """Quantity and unit of an amount: {"qty": 1, "unit": "m3"} or "1 m3"."""
    raw = item.get(key)
    if isinstance(raw, str):
        quantity, _, unit = raw.strip().partition(" ")
        return draft.number(quantity, key), unit
    amount = _object(draft, item, key)
    return draft.number(amount.get("qty"), f"{key}.qty"), draft.text(amount.get("unit"), f"{key}.unit")


def _mass(draft: EpdDraft, item: Mapping[str, Any], key: str) -> float | None:
    """A mass [kg]; the unit may be any unit of mass."""
    if item.get(key) is None:
        return None
    raw = item[key]
    if isinstance(raw, int | float):
        return draft.number(raw, key)
    quantity, unit = _measure(draft, item, key)
    found = None if quantity is None else declared_amount(quantity, unit)
    if found is None or found[1] != "kg":
        draft.error("wrong-unit", key, f"{raw!r} is no mass.")
        return None
    return found[0]


def _take_impacts(draft: EpdDraft, impacts: Mapping[str, Any]) -> tuple[Standard, str]:
    chosen: dict[Standard, str] = {}
    ef = ""
    for method in sorted(impacts, reverse=True):  # EF 3.1 before EF 3.0
        indicators = impacts[method]
        label: Standard = "A2" if method in ("EF 3.0", "EF 3.1") else "A1" if method.startswith("CML") else ""
        if not label or not isinstance(indicators, dict):
            draft.note("info", "method-left-out", f"impacts.{method}", "is no method of EN 15804; left out.")
            continue
        held: Literal["A1", "A2"] = (
            "A2" if ONLY_A2 & {key for key, value in indicators.items() if value} else "A1"
        )
        if held != label:
            draft.note(
                "warning",
                "claims-other-set",
                f"impacts.{method}",
                f"is labelled as EN 15804+{label}, but its indicators are those of EN 15804+{held}.",
            )
        if held in chosen:
            where = f"impacts.{method}"
            draft.note("info", "method-left-out", where, f"impacts.{chosen[held]} is read for the same set.")
            continue
        chosen[held] = method
        ef = method if held == "A2" else ef
        known = {key: code for code in of_set(held) for key in code.openepd_keys}
        for key, scopes in indicators.items():
            place = f"impacts.{method}.{key}"
            if key in known:
                _take_scopes(draft, known[key], scopes, place)
            elif key in ("ext", "gwp-nonCO2") or (held == "A2" and key == "ep"):
                continue
            elif scopes:
                draft.unknown_key(key, place)
    return ("A2" if "A2" in chosen else "A1" if "A1" in chosen else ""), ef


def _take_scopes(draft: EpdDraft, code: IndicatorCode, scopes: Any, place: str) -> None:
    if not scopes:
        return
    if not isinstance(scopes, dict):
        draft.error("not-an-object", place, f"holds {type(scopes).__name__}, not values by module.")
        return
    for module, measured in scopes.items():
        at = f"{place}.{module}"
        if measured is None or module == "ext" or module.endswith(NO_MODULE_SUFFIX):
            continue
        if module != SCENARIOS:
            _take_measure(draft, code, module, "", measured, at)
        elif isinstance(measured, list):
            for position, scenario in enumerate(item for item in measured if isinstance(item, dict)):
                name = draft.text(scenario.get("name"), f"{at}[{position}].name") or str(position + 1)
                for part in ("C1", "C2", "C3", "C4", "D"):
                    if scenario.get(part) is not None:
                        _take_measure(draft, code, part, name, scenario[part], f"{at}[{position}].{part}")


def _take_measure(
    draft: EpdDraft, code: IndicatorCode, module: str, scenario: str, measured: Any, place: str
) -> None:
    if not isinstance(measured, dict):
        draft.error("not-an-object", place, f"holds {measured!r}, not a measurement with mean and unit.")
        return
    label = draft.text(measured.get("unit"), f"{place}.unit")
    mean = measured.get("mean")
    if code.code == "EP-freshwater" and "po4" in label.lower():
        # openEPD prescribes kg PO4 here; converters write kg P under that label, others convert. Not known.
        draft.note(
            "warning",
            "ambiguous-unit",
            place,
            f"EP-freshwater in {label} can be kg PO4 or kg P under that label; left out as not declared.",
        )
    elif isinstance(mean, str):
        draft.error("not-a-number", f"{place}.mean", f"{mean!r} is a text, not a number.")
    elif not label and mean is not None:
        draft.error("wrong-unit", f"{place}.unit", f"{code.code} has a value without a unit.")
    elif draft.unit(code, label, "", f"{place}.unit"):
        draft.add(code, module, scenario, mean, place)
