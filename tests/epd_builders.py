"""Small datasets of every format, written by the tests; no figure in them stands for a product."""

from __future__ import annotations

import copy
import csv
import io
import json
from pathlib import Path
from typing import Any

UUID = "11111111-2222-3333-4444-555555555555"
FLOW = "66666666-7777-8888-9999-000000000000"
GWP31 = "a7ea142a-9749-11ed-a8fc-0242ac120002"
GWP30 = "6a37f984-a4b3-458a-a20a-64418c145fa2"
GWP_A1 = "77e416eb-a363-4258-a04e-171d843a6460"
FOSSIL31 = "a7ea19c0-9749-11ed-a8fc-0242ac120002"
EP_FRESH = "b53ec18f-7377-4ad3-86eb-cc3f4f276b2b"
PERE = "20f32be5-0398-4288-9b6d-accddd195317"
GWP_GHG = "fb774615-0575-45de-9a89-1ded92f19770"
CO2_GROUP = "1ebf3012-d0db-4de2-aefd-ef30cedb0be1"
MASS = "93a60a56-a3c8-11da-a746-0800200b9a66"
VOLUME = "93a60a56-a3c8-22da-a746-0800200c9a66"

Amount = tuple[str, str | None, Any]


def ilcd_result(
    uuid: str | None, amounts: list[Amount], unit: str = "kg CO2 eqv.", group: str = CO2_GROUP
) -> dict[str, Any]:
    """One LCIA result; an amount is (module, scenario, value); value ... leaves the key out."""
    anies: list[dict[str, Any]] = []
    for module, scenario, value in amounts:
        entry: dict[str, Any] = {"module": module}
        if scenario is not None:
            entry["scenario"] = scenario
        if value is not ...:
            entry["value"] = value
        anies.append(entry)
    anies.append(
        {
            "name": "referenceToUnitGroupDataSet",
            "value": {"shortDescription": [{"value": unit, "lang": "en"}], "refObjectId": group},
        }
    )
    reference: dict[str, Any] = {"shortDescription": [{"value": "some indicator", "lang": "en"}]}
    if uuid is not None:
        reference["refObjectId"] = uuid
    return {"referenceToLCIAMethodDataSet": reference, "other": {"anies": anies}}


def ilcd_json(
    results: list[dict[str, Any]] | None = None,
    *,
    flow_property: str = MASS,
    quantity: float = 1.0,
    label: str = "kg",
    extra_properties: list[dict[str, Any]] | None = None,
    material_properties: list[dict[str, Any]] | None = None,
    scenarios: list[dict[str, Any]] | None = None,
    flows: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """A dataset in the JSON form of soda4LCA."""
    reference = {
        "referenceFlow": True,
        "meanAmount": 1.0,
        "flowProperties": [
            {
                "uuid": flow_property,
                "meanValue": quantity,
                "referenceUnit": label,
                "referenceFlowProperty": True,
            },
            *(extra_properties or []),
        ],
        "materialProperties": material_properties or [],
    }
    return {
        "processInformation": {
            "dataSetInformation": {
                "UUID": UUID,
                "name": {"baseName": [{"value": "Probe", "lang": "de"}, {"value": "Sample", "lang": "en"}]},
                "other": {"anies": [{"scenario": scenarios or []}]},
            },
            "time": {"referenceYear": 2024, "dataSetValidUntil": 2029},
        },
        "modellingAndValidation": {},
        "administrativeInformation": {"publicationAndOwnership": {"dataSetVersion": "00.01.000"}},
        "exchanges": {"exchange": [reference, *(flows or [])]},
        "LCIAResults": {
            "LCIAResult": results
            if results is not None
            else [ilcd_result(GWP31, [("A1-A3", None, "0.25"), ("C4", None, "0.01")])]
        },
    }


def write_json(path: Path, document: object) -> Path:
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


OKOBAUDAT_COLUMNS = [
    "UUID", "Version", "Name (de)", "Name (en)", "Konformität", "Laenderkennung", "Typ", "Referenzjahr",
    "Gueltig bis", "Bezugsgroesse", "Bezugseinheit", "Flaechengewicht (kg/m2)", "Rohdichte (kg/m3)",
    "Schichtdicke (m)", "Umrechungsfaktor auf 1kg", "Modul", "Szenario", "GWP", "AP", "PERE", "AP (A2)",
    "GWPtotal (A2)", "GWPfossil (A2)",
]  # fmt: skip


def okobaudat(rows: list[dict[str, str]], *, delimiter: str = ";", trailing: bool = True) -> str:
    """An OEKOBAUDAT export with a few of its columns; missing cells are empty."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    end = [""] if trailing else []
    writer.writerow(OKOBAUDAT_COLUMNS + end)
    for row in rows:
        filled = {
            "UUID": UUID, "Version": "1", "Name (de)": "Wärmedämmung", "Typ": "generic dataset",
            "Referenzjahr": "2023", "Gueltig bis": "2026", "Bezugsgroesse": "1", "Bezugseinheit": "kg",
            "Modul": "A1-A3",
        } | row  # fmt: skip
        writer.writerow([filled.get(column, "") for column in OKOBAUDAT_COLUMNS] + end)
    return text.getvalue()


def lcax_epd(**changes: Any) -> dict[str, Any]:
    """An LCAx EPD per m3."""
    epd = {
        "id": UUID,
        "name": "Sample",
        "declaredUnit": "m3",
        "version": "1.1",
        "publishedDate": "2023-01-01",
        "validUntil": "2028-01-01",
        "source": None,
        "referenceServiceLife": None,
        "standard": "en15804a2",
        "comment": None,
        "location": "bel",
        "subtype": "industry",
        "conversions": [
            {"value": 460.0, "to": "kg", "metaData": {"name": "grammage", "unit": "kg/m^2"}},
            {"value": 2300.0, "to": "kg", "metaData": {"name": "gross density", "unit": "kg/m^3"}},
        ],
        "impacts": {
            "gwp": {"a1a3": 230.0, "a4": None, "c3": 0.0, "d": -10.0},
            "gwp_fos": {"a1a3": 229.0},
            "mrf": {"c3": 2300.0},
        },
        "metaData": None,
    }
    return copy.deepcopy(epd) | changes


def openepd(**changes: Any) -> dict[str, Any]:
    """An openEPD declaration per m2."""
    epd = {
        "doctype": "openEPD",
        "id": "ec3sample",
        "product_name": "Sample board",
        "declared_unit": {"qty": 2.0, "unit": "m2"},
        "kg_per_declared_unit": {"qty": 30.0, "unit": "kg"},
        "kg_C_biogenic_per_declared_unit": {"qty": 1.5, "unit": "kg"},
        "valid_until": "2027-03-31T00:00:00Z",
        "product_service_life_years": 40,
        "impacts": {
            "EF 3.1": {
                "gwp": {
                    "A1A2A3": {"mean": 6.0, "unit": "kgCO2e"},
                    "C4": None,
                    "B1_years": 10.0,
                    "C_scenarios": [
                        {"name": "landfill", "C4": {"mean": 0.3, "unit": "kgCO2e"}},
                        {"name": "burning", "C4": {"mean": 0.9, "unit": "kgCO2e"}},
                    ],
                },
                "gwp-fossil": {"A1": {"mean": 1.0, "unit": "kgCO2e"}, "A2": {"mean": 2.0, "unit": "kgCO2e"},
                               "A3": {"mean": 4.0, "unit": "kgCO2e"}},
                "ap": {"A1A2A3": {"mean": 0.02, "unit": "molHe"}},
                "ep-fresh": {"A1A2A3": {"mean": 0.001, "unit": "kgPO4e"}},
            },
            "TRACI 2.1": {"gwp": {"A1A2A3": {"mean": 5.0, "unit": "kgCO2e"}}},
        },
        "resource_uses": {"RPRe": {"A1A2A3": {"mean": 12.0, "unit": "MJ"}}},
        "output_flows": {"mfr": {"C3": {"mean": 25.0, "unit": "kg"}}},
    }  # fmt: skip
    return copy.deepcopy(epd) | changes


XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<processDataSet xmlns="http://lca.jrc.it/ILCD/Process" xmlns:common="http://lca.jrc.it/ILCD/Common"
    xmlns:epd="http://www.iai.kit.edu/EPD/2013" xmlns:epd24="http://www.indata.network/EPD/2024">
 <processInformation>
  <dataSetInformation>
   <common:UUID>{UUID}</common:UUID>
   <name><baseName xml:lang="de">Probe</baseName><baseName xml:lang="en">Sample</baseName></name>
   <common:other>
    <epd24:referenceServiceLife epd24:years="60"/>
    <epd:scenarios>
     <epd:scenario epd:name="landfill" epd:group="end"/>
     <epd:scenario epd:name="recycling" epd:group="end" epd:default="true"/>
    </epd:scenarios>
   </common:other>
  </dataSetInformation>
  <quantitativeReference><referenceToReferenceFlow>7</referenceToReferenceFlow></quantitativeReference>
  <time><common:referenceYear>2024</common:referenceYear>
   <common:dataSetValidUntil>2029</common:dataSetValidUntil></time>
 </processInformation>
 <exchanges>
  <exchange dataSetInternalID="7">
   <referenceToFlowDataSet refObjectId="{FLOW}"/><meanAmount>1.0</meanAmount>
  </exchange>
 </exchanges>
 <LCIAResults>
  <LCIAResult>
   <referenceToLCIAMethodDataSet refObjectId="{GWP31}"/><meanAmount>0.0</meanAmount>
   <common:other>
    <epd:amount epd:module="A1-A3">300.5</epd:amount>
    <epd:amount epd:module="A4"/>
    <epd:amount epd:module="C3" epd:scenario="landfill">1</epd:amount>
    <epd:amount epd:module="C3" epd:scenario="recycling">2</epd:amount>
    <epd:referenceToUnitGroupDataSet refObjectId="1ebf3012-d0db-4de2-aefd-ef30cedb0be1">
     <common:shortDescription>kg CO2 eqv.</common:shortDescription></epd:referenceToUnitGroupDataSet>
   </common:other>
  </LCIAResult>
 </LCIAResults>
</processDataSet>
"""

FLOW_XML = """<?xml version="1.0" encoding="UTF-8"?>
<flowDataSet xmlns="http://lca.jrc.it/ILCD/Flow" xmlns:common="http://lca.jrc.it/ILCD/Common">
 <flowInformation>
  <dataSetInformation><common:other>
   <mm:MatML_Doc xmlns:mm="http://www.matml.org/">
    <mm:Material><mm:BulkDetails><mm:PropertyData property="pr1"><mm:Data format="float">2.4</mm:Data>
    </mm:PropertyData></mm:BulkDetails></mm:Material>
    <mm:Metadata><mm:PropertyDetails id="pr1"><mm:Name>gross density</mm:Name>
    <mm:Units name="g/cm^3"/></mm:PropertyDetails></mm:Metadata>
   </mm:MatML_Doc>
  </common:other></dataSetInformation>
  <quantitativeReference><referenceToReferenceFlowProperty>0</referenceToReferenceFlowProperty>
  </quantitativeReference>
 </flowInformation>
 <flowProperties>
  <flowProperty dataSetInternalID="0">
   <referenceToFlowPropertyDataSet refObjectId="93a60a56-a3c8-22da-a746-0800200c9a66"/>
   <meanValue>1.0</meanValue>
  </flowProperty>
 </flowProperties>
</flowDataSet>
"""
