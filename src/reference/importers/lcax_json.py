"""LCAx EPD (version 3), alone or the EPDs inside an LCAx project.

The model of the format is the library `lcax`: where it is installed, it checks every EPD first. The numbers
are taken from the text itself, since its parser rounds some of them in the last digit, and the field of a
fault is found here, since its messages give a column only. Without the library the same checks of fields
and values hold, and a finding says that the form was not checked against the model.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from reference.importers.codes import IndicatorCode, of_set
from reference.importers.draft import EpdDraft
from reference.importers.epd import Epd, Properties, Standard, Subtype
from reference.importers.findings import ImportResult, joined, refused
from reference.importers.ilcd import ReferenceFlow, take_material_property
from reference.importers.ilcd_json import load_json

FORMAT = "LCAx"
#: LCAx calls averages of an industry "industry"; EN 15804 calls them average.
SUBTYPES: Mapping[str, Subtype] = {
    "generic": "generic",
    "specific": "specific",
    "industry": "average",
    "representative": "representative",
}
#: Keys that the A2 set has and the A1 set has not.
ONLY_A2 = frozenset({"gwp_fos", "gwp_bio", "gwp_lul", "ep_fw", "ep_mar", "ep_ter", "wdp"})


def is_lcax(document: object) -> bool:
    """Whether a JSON document is an LCAx EPD, a list of them, or holds some.

    Example:
        >>> is_lcax({"declaredUnit": "m3", "impacts": {}, "standard": "en15804a2"})
        True
    """
    return next(_epds(document), None) is not None


def _epds(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if "declaredUnit" in node and "impacts" in node and "standard" in node:
            yield node
        else:
            for child in node.values():
                yield from _epds(child)
    elif isinstance(node, list):
        for child in node:
            yield from _epds(child)


def read_lcax(path: Path | str, *, skip_unknown: bool = False) -> ImportResult:
    """EPDs of an LCAx file; null means not declared.

    A value that is no number, an unknown key or unit, or a file of the older EPDx format (one `gwp`, one
    `ep`, said to be A2) refuse the dataset.
    """
    path = Path(path)
    document, problem = load_json(path)
    if problem is not None:
        return problem
    return lcax_datasets(document, path.name, skip_unknown=skip_unknown)


def lcax_datasets(document: Any, file: str, *, skip_unknown: bool = False) -> ImportResult:
    """As `read_lcax`, from a document that is already parsed."""
    found = list(_epds(document))
    if not found:
        return refused(file, "not-lcax", "holds no LCAx EPD.")
    return joined(_dataset(item, file, skip_unknown) for item in found)


def _dataset(item: dict[str, Any], file: str, skip_unknown: bool) -> ImportResult:
    uuid = item.get("id")
    if not isinstance(uuid, str) or not uuid.strip():
        return refused(file, "dataset-without-uuid", "an EPD has no 'id'.", field="id")
    draft = EpdDraft(file, FORMAT, uuid.strip(), skip_unknown=skip_unknown)
    keys = item["impacts"] if isinstance(item["impacts"], dict) else {}
    stated: Standard = {"en15804a1": "A1", "en15804a2": "A2"}.get(str(item["standard"]).lower(), "")  # type: ignore[assignment]
    is_a2 = bool(ONLY_A2 & keys.keys()) and stated != "A1"
    if stated == "A2" and not is_a2:
        draft.error(
            "not-a-full-set",
            "impacts",
            "is said to be EN 15804+A2, but has none of its indicators (as in the older EPDx format).",
            "Convert the original dataset with LCAx 3, or import it as ILCD.",
        )
    _take_impacts(
        draft, keys, {code.lcax_key: code for code in (*of_set("A2" if is_a2 else "A1"), *of_set("flow"))}
    )
    declared = draft.unit_amount(1.0, _unit(item.get("declaredUnit")), "declaredUnit")
    flow = _conversions(draft, item)
    _check_form(draft, item)
    epd: Epd | None = draft.build(
        stated=stated,
        name=draft.text(item.get("name"), "name") or uuid,
        names={},
        version=draft.text(item.get("version"), "version"),
        owner=_source(item, "name"),
        location=draft.text(item.get("location"), "location"),
        subtype=SUBTYPES.get(str(item.get("subtype")).lower(), ""),
        reference_year=None
        if not item.get("publishedDate")
        else draft.year(str(item["publishedDate"])[:4], "publishedDate"),
        valid_until=draft.text(item.get("validUntil"), "validUntil")[:10],
        declared_quantity=declared[0],
        declared_unit=declared[1],
        properties=flow,
        url=_source(item, "url"),
        service_life_years=draft.number(item.get("referenceServiceLife"), "referenceServiceLife"),
    )
    return ImportResult((epd,) if epd is not None else (), tuple(draft.findings))


def _unit(raw: object) -> str:
    return "" if raw in (None, "unknown") else str(raw)


def _source(item: Mapping[str, Any], key: str) -> str:
    source = item.get("source")
    value = source.get(key) if isinstance(source, dict) else None
    return value if isinstance(value, str) else ""


def _take_impacts(draft: EpdDraft, impacts: Mapping[str, Any], known: Mapping[str, IndicatorCode]) -> None:
    for key, modules in impacts.items():
        place = f"impacts.{key}"
        if modules is None:
            continue
        if not isinstance(modules, dict):
            draft.error("not-a-number", place, f"holds {type(modules).__name__}, not values by module.")
        elif key not in known:
            if any(value is not None for value in modules.values()):
                draft.unknown_key(key, place)
        else:
            for module, value in modules.items():
                at = f"{place}.{module}"
                if isinstance(value, str):
                    draft.error("not-a-number", at, f"{value!r} is a text, not a number.")
                else:
                    draft.add(known[key], module, "", value, at)


def _conversions(draft: EpdDraft, item: Mapping[str, Any]) -> Properties:
    """Properties of the conversions; grammage and density both say `to: kg`, their metadata differ."""
    flow = ReferenceFlow()
    listed = item.get("conversions")
    for position, conversion in enumerate(listed if isinstance(listed, list) else []):
        place = f"conversions[{position}]"
        if not isinstance(conversion, dict):
            continue
        meta = conversion.get("metaData")
        name, unit = ("", "") if not isinstance(meta, dict) else (meta.get("name"), meta.get("unit"))
        if isinstance(name, str) and name:
            take_material_property(flow, draft, name, conversion.get("value"), str(unit or ""), place)
        elif conversion.get("to") == "kg":
            draft.note(
                "warning",
                "conversion-without-name",
                place,
                f"{conversion.get('value')} kg per unit is not used: it does not say what it is the mass of.",
            )
    return Properties(**flow.properties)


def _check_form(draft: EpdDraft, item: Mapping[str, Any]) -> None:
    if find_spec("lcax") is None:
        draft.note(
            "info",
            "form-not-checked",
            "",
            "the library lcax is not installed, so the form of the file was not checked against its model.",
            "pip install 'building-passport[data]'",
        )
        return
    try:
        import_module("lcax").EPD.loads(json.dumps(item))
    except (TypeError, ValueError) as error:
        if not draft.faulty:
            draft.error("not-lcax", "", f"is not an LCAx EPD: {error}.")
