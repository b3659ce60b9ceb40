"""ILCD+EPD as JSON, the form that soda4LCA gives with `format=json&view=extended`.

Read here and not with lcax 3.8, which was compared on twelve datasets: it sets values per tonne as values
per kg (the quantity of the reference flow is not read), keeps the last of several scenarios, loses the mass
and the biogenic carbon of the flow properties, the owner and the licence, gives the year of reference as day
of publication and the version of the format as that of the dataset, and calls average datasets generic.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from reference.importers import ilcd
from reference.importers.draft import EpdDraft
from reference.importers.findings import ImportResult, refused
from reference.importers.okobaudat_csv import subtype_of

FORMAT = "ILCD+EPD JSON"

_Kind = TypeVar("_Kind", dict[str, Any], list[Any])


def load_json(path: Path) -> tuple[Any, ImportResult | None]:
    """Content of a JSON file, or the result that refuses it; a key that is there twice refuses it too."""
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=_unique), None
    except OSError as error:
        return None, refused(path.name, "unreadable", f"cannot be read ({error.strerror or error}).")
    except UnicodeDecodeError as error:
        return None, refused(path.name, "unreadable", f"is not UTF-8 text ({error.reason}).")
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        return None, refused(
            path.name, "not-json", f"is not complete JSON: {error.msg}.", "Download it again.", field=where
        )
    except RecursionError:
        return None, refused(path.name, "not-json", "is nested too deeply.")
    except ValueError as error:
        return None, refused(path.name, "key-twice", str(error))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) < len(pairs):
        names = [key for key, _ in pairs]
        twice = sorted({key for key in names if names.count(key) > 1})
        raise ValueError(f"the key {', '.join(map(repr, twice))} is there twice in one object.")
    return out


def is_ilcd_json(document: object) -> bool:
    """Whether a JSON document is an ILCD process dataset."""
    return isinstance(document, dict) and "processInformation" in document


def read_ilcd_json(path: Path | str, *, skip_unknown: bool = False) -> ImportResult:
    """The dataset of an ILCD+EPD JSON file.

    An entry with a module and no value is not declared. A value that is no number, an unknown or missing
    indicator UUID, a unit of another indicator, or one value twice refuse the dataset.

    Args:
        skip_unknown: leave out indicators of unknown UUID, with a warning.
    """
    path = Path(path)
    document, problem = load_json(path)
    return problem or ilcd_dataset(document, path.name, skip_unknown=skip_unknown)


def ilcd_dataset(document: Any, file: str, *, skip_unknown: bool = False) -> ImportResult:
    """As `read_ilcd_json`, from a document that is already parsed."""
    if not is_ilcd_json(document):
        return refused(file, "not-ilcd", "has no 'processInformation'.")
    information = _child(document, "processInformation")
    about = _child(information, "dataSetInformation")
    uuid = about.get("UUID")
    if not isinstance(uuid, str) or not uuid.strip():
        return refused(
            file, "dataset-without-uuid", "the dataset has no UUID.", field="dataSetInformation.UUID"
        )
    draft = EpdDraft(file, FORMAT, uuid.strip(), skip_unknown=skip_unknown)
    _take_values(draft, document)
    flow = _reference_flow(draft, document)
    names = _texts(_child(about, "name").get("baseName"))
    modelling = _child(document, "modellingAndValidation")
    publication = _child(_child(document, "administrativeInformation"), "publicationAndOwnership")
    time, geography = _child(information, "time"), _child(information, "geography")
    stated, ef = ilcd.stated_set(_compliance(modelling))
    quantity, unit, properties = ilcd.declared(flow, draft)
    epd = draft.build(
        stated=stated,
        name=draft.text(_preferred(names), "name") or uuid,
        names=names,
        version=draft.text(publication.get("dataSetVersion"), "dataSetVersion"),
        category=_category(about),
        owner=_preferred(
            _texts(_child(publication, "referenceToOwnershipOfDataSet").get("shortDescription"))
        ),
        location=draft.text(
            _child(geography, "locationOfOperationSupplyOrProduction").get("location"), "location"
        ),
        subtype=subtype_of(draft.text(_named(modelling, "subType"), "subType")),
        reference_year=draft.year(time.get("referenceYear"), "referenceYear"),
        valid_until=draft.text(time.get("dataSetValidUntil"), "dataSetValidUntil"),
        ef_version=draft.ef_version(ef),
        declared_quantity=quantity,
        declared_unit=unit,
        properties=properties,
        default_scenarios=tuple(_default_scenarios(about)),
        licence=draft.text(publication.get("licenseType"), "licenseType"),
        url=draft.text(document.get("source"), "source") if isinstance(document.get("source"), str) else "",
    )
    return ImportResult((epd,) if epd is not None else (), tuple(draft.findings))


def _child(node: Any, key: str) -> Mapping[str, Any]:
    child = node.get(key) if isinstance(node, dict) else None
    return child if isinstance(child, dict) else {}


def _items(node: Any, key: str) -> list[Any]:
    child = node.get(key) if isinstance(node, dict) else None
    return [item for item in child if isinstance(item, dict)] if isinstance(child, list) else []


def _texts(node: Any) -> dict[str, str]:
    """Text by language of a list of {value, lang}; a text without language has the key ""."""
    out: dict[str, str] = {}
    for item in _items({"": node}, ""):
        if isinstance(item.get("value"), str) and item["value"].strip():
            out.setdefault(str(item.get("lang") or ""), " ".join(item["value"].split()))
    return out


def _preferred(texts: Mapping[str, str]) -> str:
    return texts.get("en") or next(iter(texts.values()), "")


def _take_values(draft: EpdDraft, document: Any) -> None:
    for outer, inner, key in (
        ("LCIAResults", "LCIAResult", "referenceToLCIAMethodDataSet"),
        ("exchanges", "exchange", "referenceToFlowDataSet"),
    ):
        parent = _strict(draft, document, outer, dict, outer)
        for position, result in enumerate(_strict(draft, parent, inner, list, f"{outer}.{inner}")):
            place = f"{outer}.{inner}[{position}]"
            if not isinstance(result, dict):
                draft.error("not-an-object", place, f"holds {type(result).__name__}, not an object.")
                continue
            if result.get("referenceFlow"):
                continue
            other = _strict(draft, result, "other", dict, f"{place}.other")
            listed = _strict(draft, other, "anies", list, f"{place}.other.anies")
            if any(not isinstance(entry, dict) for entry in listed):
                draft.error("not-an-object", f"{place}.other.anies", "holds something that is no object.")
                continue
            reference = _strict(draft, result, key, dict, f"{place}.{key}")
            ilcd.take_amounts(
                draft,
                reference.get("refObjectId"),
                _preferred(_texts(reference.get("shortDescription"))),
                _unit(listed),
                [(e.get("module"), e.get("scenario"), e.get("value")) for e in listed if "module" in e],
                place,
            )


def _strict(draft: EpdDraft, node: Mapping[str, Any], key: str, kind: type[_Kind], place: str) -> _Kind:
    """A child of this type, empty where there is none; another type is a fault: values would be lost."""
    child = node.get(key)
    if isinstance(child, kind):
        return child
    if child is not None:
        draft.error("not-an-object", place, f"holds {type(child).__name__} instead of {kind.__name__}.")
    return kind()


def _unit(entries: list[Any]) -> tuple[str, str]:
    for entry in entries:
        if entry.get("name") == "referenceToUnitGroupDataSet":
            group = _child(entry, "value")
            label = next(iter(_texts(group.get("shortDescription")).values()), "")
            return label, str(group.get("refObjectId") or "").lower()
    return "", ""


def _reference_flow(draft: EpdDraft, document: Any) -> ilcd.ReferenceFlow:
    flow = ilcd.ReferenceFlow()
    for position, item in enumerate(_items(_child(document, "exchanges"), "exchange")):
        if not item.get("referenceFlow"):
            continue
        place = f"exchanges.exchange[{position}]"
        amount = draft.number(item.get("meanAmount"), f"{place}.meanAmount")
        flow.amount = 1.0 if amount is None else amount
        for prop in _items(item, "flowProperties"):
            uuid = str(prop.get("uuid") or "")
            ilcd.take_flow_property(
                flow, draft, uuid, prop.get("meanValue"), str(prop.get("referenceUnit") or ""),
                bool(prop.get("referenceFlowProperty")), f"{place}.flowProperties",
            )  # fmt: skip
        for prop in _items(item, "materialProperties"):
            name = str(prop.get("name") or "")
            ilcd.take_material_property(
                flow, draft, name, prop.get("value"), str(prop.get("unit") or ""),
                f"{place}.materialProperties, {name}",
            )  # fmt: skip
        break
    return flow


def _compliance(modelling: Any) -> Iterator[tuple[str, str]]:
    for item in _items(_child(modelling, "complianceDeclarations"), "compliance"):
        system = _child(item, "referenceToComplianceSystem")
        labels = " / ".join(_texts(system.get("shortDescription")).values())
        yield str(system.get("refObjectId") or ""), labels


def _named(modelling: Any, name: str) -> Any:
    for entry in _items(_child(_child(modelling, "LCIMethodAndAllocation"), "other"), "anies"):
        if entry.get("name") == name:
            return entry.get("value")
    return None


def _category(about: Any) -> str:
    for system in _items(_child(about, "classificationInformation"), "classification"):
        classes = [str(item.get("value") or "") for item in _items(system, "class")]
        if classes:
            return " / ".join(classes)
    return ""


def _default_scenarios(about: Any) -> Iterator[str]:
    for entry in _items(_child(about, "other"), "anies"):
        for scenario in _items(entry, "scenario"):
            if scenario.get("default") is True and isinstance(scenario.get("name"), str):
                yield " ".join(scenario["name"].split())
