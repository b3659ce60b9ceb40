"""ILCD+EPD as XML, versions 1.1 to 1.3. Read with the standard library: lcax reads no XML.

Nothing is fetched: no schema, no stylesheet. A document type declaration is refused, so that no entity can
be expanded. The declared unit is in the flow dataset, a file of its own; it is looked for in the folders
where ILCD packages have it, and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from reference.importers import ilcd
from reference.importers.draft import EpdDraft, parse_number
from reference.importers.findings import ImportResult, refused
from reference.importers.okobaudat_csv import subtype_of

FORMAT = "ILCD+EPD XML"

_PROCESS = "{http://lca.jrc.it/ILCD/Process}"
_COMMON = "{http://lca.jrc.it/ILCD/Common}"
_FLOW = "{http://lca.jrc.it/ILCD/Flow}"
_EPD = "{http://www.iai.kit.edu/EPD/2013}"
_EPD24 = "{http://www.indata.network/EPD/2024}"
_MATML = "{http://www.matml.org/}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")


class _DoctypeError(ValueError):
    pass


def parse_xml(raw: bytes) -> ET.Element:
    """Root of an XML document without a document type declaration.

    Raises:
        ValueError: the document has one, or is no complete XML.

    Example:
        >>> parse_xml(b"<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>")
        Traceback (most recent call last):
        ...
        ValueError: has a document type declaration, which EPD datasets do not have
    """

    class Builder(ET.TreeBuilder):
        def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
            raise _DoctypeError

    # UTF-16 and the like could hide a declaration from a search for its bytes, so the parser is asked; it
    # reports the declaration before the first entity is expanded.
    parser = ET.XMLParser(target=Builder())
    try:
        parser.feed(raw)
        root = parser.close()
    except _DoctypeError:
        raise ValueError("has a document type declaration, which EPD datasets do not have") from None
    except ET.ParseError as error:
        raise ValueError(f"is not complete XML ({error})") from error
    assert isinstance(root, ET.Element)
    return root


def read_ilcd_xml(path: Path | str, *, skip_unknown: bool = False) -> ImportResult:
    """The dataset of an ILCD+EPD XML file; see `read_ilcd_json` for what refuses it.

    Without its flow dataset the declared unit is unknown; the dataset is read and cannot be converted.
    """
    path = Path(path)
    try:
        root = parse_xml(path.read_bytes())
    except OSError as error:
        return refused(path.name, "unreadable", f"cannot be read ({error.strerror or error}).")
    except ValueError as error:
        return refused(path.name, "not-xml", f"{error}.", "Download it again.")
    if root.tag != f"{_PROCESS}processDataSet":
        return refused(
            path.name, "not-ilcd", f"is {root.tag.rpartition('}')[2]!r}, not an ILCD process dataset."
        )
    about = f"{_PROCESS}processInformation/{_PROCESS}dataSetInformation"
    uuid = _text(root, f"{about}/{_COMMON}UUID")
    if not uuid:
        return refused(path.name, "dataset-without-uuid", "the dataset has no UUID.", field="common:UUID")
    draft = EpdDraft(path.name, FORMAT, uuid, skip_unknown=skip_unknown)
    reference = _text(
        root,
        f"{_PROCESS}processInformation/{_PROCESS}quantitativeReference/{_PROCESS}referenceToReferenceFlow",
    )
    _take_values(draft, root, reference)
    flow = _reference_flow(draft, root, reference, path)
    names = _by_language(root, f"{about}/{_PROCESS}name/{_PROCESS}baseName")
    publication = f"{_PROCESS}administrativeInformation/{_PROCESS}publicationAndOwnership"
    time = f"{_PROCESS}processInformation/{_PROCESS}time"
    modelling = f"{_PROCESS}modellingAndValidation"
    place = root.find(
        f"{_PROCESS}processInformation/{_PROCESS}geography/{_PROCESS}locationOfOperationSupplyOrProduction"
    )
    stated, ef = ilcd.stated_set(_compliance(root))
    quantity, unit, properties = ilcd.declared(flow, draft)
    owners = _by_language(
        root, f"{publication}/{_COMMON}referenceToOwnershipOfDataSet/{_COMMON}shortDescription"
    )
    epd = draft.build(
        stated=stated,
        name=names.get("en") or next(iter(names.values()), uuid),
        names=names,
        version=_text(root, f"{publication}/{_COMMON}dataSetVersion"),
        category=" / ".join(
            _clean(node.text)
            for node in root.findall(
                f"{about}/{_PROCESS}classificationInformation/{_COMMON}classification[1]/{_COMMON}class"
            )
        ),
        owner=owners.get("en") or next(iter(owners.values()), ""),
        location="" if place is None else _clean(place.get("location")),
        subtype=subtype_of(
            _text(root, f"{modelling}/{_PROCESS}LCIMethodAndAllocation/{_COMMON}other/{_EPD}subType")
        ),
        reference_year=draft.year(_text(root, f"{time}/{_COMMON}referenceYear"), "referenceYear"),
        # The day of expiry of the declaration, where it is given, is earlier than the end of the year.
        valid_until=_text(root, f"{time}/{_COMMON}other/{_EPD24}expirationDateOfEPD")
        or _text(root, f"{time}/{_COMMON}dataSetValidUntil"),
        ef_version=draft.ef_version(ef),
        declared_quantity=quantity,
        declared_unit=unit,
        properties=properties,
        default_scenarios=tuple(_default_scenarios(root, about)),
        licence=_text(root, f"{publication}/{_COMMON}licenseType"),
        service_life_years=_service_life(draft, root, about),
    )
    return ImportResult((epd,) if epd is not None else (), tuple(draft.findings))


def _clean(text: str | None) -> str:
    return " ".join((text or "").split())


def _text(root: ET.Element, path: str) -> str:
    return _clean(root.findtext(path))


def _by_language(root: ET.Element, path: str) -> dict[str, str]:
    out: dict[str, str] = {}
    for node in root.findall(path):
        if _clean(node.text):
            out.setdefault(node.get(_LANG, ""), _clean(node.text))
    return out


def _take_values(draft: EpdDraft, root: ET.Element, reference: str) -> None:
    for path, key in (
        (f"{_PROCESS}LCIAResults/{_PROCESS}LCIAResult", "referenceToLCIAMethodDataSet"),
        (f"{_PROCESS}exchanges/{_PROCESS}exchange", "referenceToFlowDataSet"),
    ):
        for position, node in enumerate(root.findall(path)):
            if node.get("dataSetInternalID") == reference and key == "referenceToFlowDataSet":
                continue
            what = node.find(f"{_PROCESS}{key}")
            labels = {} if what is None else _by_language(what, f"{_COMMON}shortDescription")
            group = node.find(f"{_COMMON}other/{_EPD}referenceToUnitGroupDataSet")
            unit = ("", "")
            if group is not None:
                names = _by_language(group, f"{_COMMON}shortDescription")
                unit = next(iter(names.values()), ""), (group.get("refObjectId") or "").lower()
            ilcd.take_amounts(
                draft,
                None if what is None else what.get("refObjectId"),
                labels.get("en") or next(iter(labels.values()), ""),
                unit,
                [
                    (amount.get(f"{_EPD}module"), amount.get(f"{_EPD}scenario"), amount.text)
                    for amount in node.findall(f"{_COMMON}other/{_EPD}amount")
                ],
                f"{path.rpartition('}')[2]}[{position}]",
            )


def _reference_flow(draft: EpdDraft, root: ET.Element, reference: str, path: Path) -> ilcd.ReferenceFlow:
    flow = ilcd.ReferenceFlow()
    for node in root.findall(f"{_PROCESS}exchanges/{_PROCESS}exchange"):
        if node.get("dataSetInternalID") != reference:
            continue
        amount = draft.number(node.findtext(f"{_PROCESS}meanAmount"), "reference flow, meanAmount")
        flow.amount = 1.0 if amount is None else amount
        what = node.find(f"{_PROCESS}referenceToFlowDataSet")
        uuid = "" if what is None else (what.get("refObjectId") or "").lower()
        file = _flow_file(path, uuid)
        if file is None:
            draft.note(
                "warning",
                "flow-dataset-missing",
                "reference flow",
                f"the flow dataset {uuid or '(without UUID)'} with the declared unit is not beside the file.",
                "Unpack the whole ILCD package, or import the dataset as JSON with view=extended.",
            )
        else:
            _read_flow(draft, flow, file)
    return flow


def _flow_file(path: Path, uuid: str) -> Path | None:
    # Anything but a UUID could name a file elsewhere.
    if not _UUID.match(uuid):
        return None
    for folder in (path.parent.parent / "flows", path.parent / "flows", path.parent):
        if folder.is_dir():
            for file in sorted(folder.glob(f"{uuid}*.xml")):
                return file
    return None


def _read_flow(draft: EpdDraft, flow: ilcd.ReferenceFlow, file: Path) -> None:
    try:
        root = parse_xml(file.read_bytes())
    except (OSError, ValueError) as error:
        draft.error("flow-dataset-broken", f"flow dataset {file.name}", f"cannot be read: {error}.")
        return
    reference = _text(
        root, f"{_FLOW}flowInformation/{_FLOW}quantitativeReference/{_FLOW}referenceToReferenceFlowProperty"
    )
    for node in root.findall(f"{_FLOW}flowProperties/{_FLOW}flowProperty"):
        what = node.find(f"{_FLOW}referenceToFlowPropertyDataSet")
        ilcd.take_flow_property(
            flow,
            draft,
            "" if what is None else what.get("refObjectId") or "",
            node.findtext(f"{_FLOW}meanValue"),
            "",
            node.get("dataSetInternalID") == reference,
            f"flow dataset {file.name}, flowProperties",
        )
    names = {
        node.get("id"): (
            _text(node, f"{_MATML}Name"),
            "" if (units := node.find(f"{_MATML}Units")) is None else units.get("name") or "",
        )
        for node in root.iter(f"{_MATML}PropertyDetails")
    }
    for node in root.iter(f"{_MATML}PropertyData"):
        name, unit = names.get(node.get("property"), ("", ""))
        ilcd.take_material_property(
            flow, draft, name, node.findtext(f"{_MATML}Data"), unit, f"flow dataset {file.name}, {name}"
        )


def _compliance(root: ET.Element) -> Iterator[tuple[str, str]]:
    path = f"{_PROCESS}modellingAndValidation/{_PROCESS}complianceDeclarations/{_PROCESS}compliance"
    for node in root.findall(f"{path}/{_COMMON}referenceToComplianceSystem"):
        labels = _by_language(node, f"{_COMMON}shortDescription")
        yield node.get("refObjectId") or "", " / ".join(labels.values())


def _default_scenarios(root: ET.Element, about: str) -> Iterator[str]:
    for node in root.findall(f"{about}/{_COMMON}other/{_EPD}scenarios/{_EPD}scenario"):
        if node.get(f"{_EPD}default") in ("true", "1") and node.get(f"{_EPD}name"):
            yield _clean(node.get(f"{_EPD}name"))


def _service_life(draft: EpdDraft, root: ET.Element, about: str) -> float | None:
    other = f"{about}/{_COMMON}other"
    stated = root.find(f"{other}/{_EPD24}referenceServiceLife")
    raw = None if stated is None else stated.get(f"{_EPD24}years")
    text = raw or _text(root, f"{other}/{_EPD24}serviceLife/{_EPD24}years")
    years = parse_number(text)
    if text and (years is None or years <= 0):
        draft.note("warning", "service-life", "referenceServiceLife", f"{text!r} is not a number of years.")
        return None
    return years
