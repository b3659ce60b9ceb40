"""Rebuild the tables of `reference` from files that a user has.

The repository ships no third-party file. This script carries figures over from

* an OEKOBAUDAT CSV export with the generic EN 15804+A2 datasets of release 2024-I,
* the Belgian cases of the EU-ECB database (CSV),
* a folder with method tables (material_families, ewc_by_family, ewc17, eol_scenarios, transport_a4,
  service_lives, ef_factors, mmg_monetisation, brand_layers, benchmarks_residential_be),
* the material templates of TEASER or Teco (JSON), for thermal conductivities

into own tables with own ids, and adds the project's own choices from `reference_inputs`.
The result depends on the inputs alone: same inputs, same bytes.

Usage:
    python scripts/build_reference_tables.py --okobaudat OBD.csv --eu-ecb BE.csv --method tables/
        --materials MaterialTemplates.json [--out DIR]
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

Rows = list[dict[str, str]]

HERE = Path(__file__).resolve().parent
DEFAULT_INPUTS = HERE / "reference_inputs"
DEFAULT_OUT = HERE.parent / "src" / "reference" / "data"
RELEASE = "OEKOBAUDAT 2024-I"

#: Indicator code -> column of the OEKOBAUDAT export.
INDICATOR_COLUMNS = {
    "GWP-total": "GWPtotal (A2)",
    "GWP-fossil": "GWPfossil (A2)",
    "GWP-biogenic": "GWPbiogenic (A2)",
    "GWP-luluc": "GWPluluc (A2)",
    "ODP": "ODP (A2)",
    "AP": "AP (A2)",
    "EP-freshwater": "EPfreshwater (A2)",
    "EP-marine": "EPmarine (A2)",
    "EP-terrestrial": "EPterrestrial (A2)",
    "POCP": "POCP (A2)",
    "ADPE": "ADPE (A2)",
    "ADPF": "ADPF (A2)",
    "WDP": "WDP (A2)",
}
WEIGHT_COLUMNS = {
    "bulk_density_kg_m3": "Schuettdichte (kg/m3)",
    "area_weight_kg_m2": "Flaechengewicht (kg/m2)",
    "density_kg_m3": "Rohdichte (kg/m3)",
    "thickness_m": "Schichtdicke (m)",
    "length_weight_kg_m": "Laengengewicht (kg/m)",
    "piece_weight_kg": "Stueckgewicht (kg)",
}
UNITS = {"kg": "kg", "m3": "m3", "qm": "m2", "m": "m", "pcs.": "pcs", "t*km": "t.km"}
DWELLINGS = {"DH": "detached", "SDH": "semi-detached", "TH": "terraced", "MFH": "apartment"}
CONSTRUCTIONS = {
    "massive brick": "massive-brick",
    "frame wood": "timber-frame",
    "timber frame": "timber-frame",
}
STANDARDS = {"New Standard": "new", "New Advanced": "new-advanced"}
MODULE_GROUPS = {
    "A1-A3": "GHG_A123_m2a",
    "A4-A5": "GHG_A45_m2a",
    "B2+B4": "GHG_B1234_m2a",  # the database column holds B2 and B4 only
    "C1-C2": "GHG_C12_m2a",
    "C3-C4": "GHG_C34_m2a",
}
BENCHMARK_TYPES = {
    "all residential": "all",
    "detached house": "detached",
    "semi-detached house": "semi-detached",
    "row house": "terraced",
    "multi-family house": "apartment",
}


def read_rows(path: Path) -> Rows:
    """Rows of a CSV file: UTF-8 or ISO-8859-1, comma or semicolon."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("iso-8859-1")
    lines = text.splitlines(keepends=True)
    delimiter = ";" if lines[0].count(";") > lines[0].count(",") else ","
    return [
        {key: (value or "").strip() for key, value in row.items() if key}
        for row in csv.DictReader(lines, delimiter=delimiter)
    ]


def index(rows: Iterable[Mapping[str, str]], key: str) -> dict[str, dict[str, str]]:
    """Rows by the value of one column; a second row with the same value is an error."""
    out: dict[str, dict[str, str]] = {}
    for row in rows:
        if row[key] in out:
            raise SystemExit(f"{key} {row[key]!r} occurs twice")
        out[row[key]] = dict(row)
    return out


def short(number: float) -> str:
    """A number in at most six significant digits, without trailing zeros."""
    return f"{number:.6g}"


def decimal(text: str) -> str:
    """Decimal comma to decimal point; the OEKOBAUDAT export mixes both in one column."""
    return text.replace(",", ".")


def expiry(text: str) -> str:
    """Year of a validity that is a year or a date."""
    return text[:4]


class Okobaudat:
    """Generic rows of the export, one module row per dataset."""

    def __init__(self, path: Path) -> None:
        self.rows: dict[str, dict[str, str]] = {}
        for row in read_rows(path):
            self.rows.setdefault(row["UUID"], row)

    def find(self, uuid: str) -> dict[str, str]:
        """The row of a UUID or of the start of one."""
        hits = [key for key in self.rows if key.startswith(uuid)]
        if len(hits) != 1:
            raise SystemExit(f"dataset {uuid}: {len(hits)} rows in the export")
        return self.rows[hits[0]]

    def table(self, uuids: Iterable[str]) -> Rows:
        """Rows of datasets.csv, values as published."""
        out: Rows = []
        for uuid in sorted(set(uuids)):
            row = self.find(uuid)
            ef = "3.1" if "EF 3.1" in row["Konformität"] else ""
            if not ef:
                raise SystemExit(f"dataset {uuid}: not characterised with EF 3.1")
            item = {
                "dataset_uuid": row["UUID"],
                "version": row["Version"],
                "release": RELEASE,
                "name_de": row["Name (de)"],
                "name_en": row["Name (en)"],
                "owner": row["Declaration owner"],
                "reference_year": row["Referenzjahr"],
                "valid_until": expiry(row["Gueltig bis"]),
                "standard": "EN 15804+A2",
                "ef_version": ef,
                "module": row["Modul"],
                "declared_quantity": decimal(row["Bezugsgroesse"]),
                "declared_unit": UNITS[row["Bezugseinheit"]],
                "source_id": "okobaudat-2024-i",
            }
            item |= {ours: decimal(row.get(theirs, "")) for ours, theirs in WEIGHT_COLUMNS.items()}
            item |= {ours: row[theirs] for ours, theirs in INDICATOR_COLUMNS.items()}
            out.append(item)
        return out


def conversion(row: Mapping[str, str], stated: str) -> tuple[str, str, str]:
    """How one declared unit becomes kg: rule, mass [kg], source."""
    unit = UNITS[row["Bezugseinheit"]]
    if unit == "kg":
        return "mass", "1", "okobaudat-2024-i"
    if stated:
        return "assumed", stated, "okobaudat-conversion"
    column, rule = {
        "m3": ("Rohdichte (kg/m3)", "density"),
        "m2": ("Flaechengewicht (kg/m2)", "area weight"),
        "m": ("Laengengewicht (kg/m)", "length weight"),
    }[unit]
    if not row[column]:
        raise SystemExit(f"dataset {row['UUID']} ({row['Name (en)']}): no {rule} for unit {unit}")
    return rule, short(float(decimal(row[column]))), "okobaudat-2024-i"


def density(
    item: Mapping[str, str], row: Mapping[str, str] | None, spread_pct: str
) -> tuple[str, str, str, str]:
    """Density, low, high [kg/m3] and source: the material's own figure, else that of the dataset."""
    source = ""
    value = item["density_kg_m3"]
    if value:
        source = "project-densities"
    elif row is not None and not item["stand_in_note"]:
        value = decimal(row["Rohdichte (kg/m3)"] or row["Schuettdichte (kg/m3)"])
        source = "okobaudat-2024-i" if value else ""
    if not value:
        return "", "", "", ""
    number, spread = float(value), float(spread_pct) / 100
    low = float(item["density_low"] or short(number * (1 - spread)))
    high = float(item["density_high"] or short(number * (1 + spread)))
    return short(number), short(min(low, number)), short(max(high, number)), source


def conductivities(path: Path, inputs: Path) -> dict[str, str]:
    """Conductivity [W/(m K)] by material id, of the records that the project chose; 0 there means unknown."""
    with path.open(encoding="utf-8") as stream:
        records = {
            item["name"]: item["thermal_conduc"]
            for item in json.load(stream).values()
            if isinstance(item, dict)
        }
    out: dict[str, str] = {}
    for row in read_rows(inputs / "conductivities.csv"):
        if not records.get(row["record"]):
            raise SystemExit(f"{row['material_id']}: no conductivity in record {row['record']!r}")
        out[row["material_id"]] = short(records[row["record"]])
    return out


#: Carbon per kg of dry wood, and the moisture that a kg of wood holds: usual, wettest, driest (EN 16449).
CARBON_OF_DRY_WOOD = 0.5
MOISTURE_USUAL, MOISTURE_HIGH, MOISTURE_LOW = 0.12, 0.18, 0.08
CARBON_IN_CO2 = 12 / 44


def biogenic_carbon(
    rule: Mapping[str, str] | None, row: Mapping[str, str] | None, kg: str
) -> tuple[str, str, str, str, str]:
    """Biogenic carbon, low, high [kg C per kg], how it was found, and source; empty where it is not known."""
    if rule is None:
        return "", "", "", "", ""
    if rule["rule"] == "none":
        return "0", "0", "0", rule["note"] or "of mineral, metal or fossil origin", "project-biogenic"
    if rule["rule"] == "en16449":
        usual, low, high = (
            short(CARBON_OF_DRY_WOOD / (1 + moisture))
            for moisture in (MOISTURE_USUAL, MOISTURE_HIGH, MOISTURE_LOW)
        )
        note = "0.5 kg C per kg of dry wood, 12 % moisture (8 to 18 %)"
        return usual, low, high, rule["note"] or note, "en-16449"
    if rule["rule"] == "own":
        return rule["value"], rule["low"], rule["high"], rule["note"], "project-biogenic"
    if row is None:
        return "", "", "", "", ""
    uptake = -float(row[INDICATOR_COLUMNS["GWP-biogenic"]]) / float(decimal(row["Bezugsgroesse"])) / float(kg)
    carbon = max(uptake, 0.0) * CARBON_IN_CO2
    note = "12/44 of the GWP-biogenic of the dataset, A1-A3: close, not exact, packaging may be in it"
    return short(carbon), short(0.8 * carbon), short(1.1 * carbon), rule["note"] or note, "okobaudat-2024-i"


def build_families(method: Path) -> Rows:
    """families.csv: names, waste category, code and hazard of each family."""
    hazards: dict[str, dict[str, str]] = {}
    for row in read_rows(method / "ewc_by_family.csv"):
        for family in filter(None, (name.strip() for name in row["family_ids"].split(";"))):
            hazards[family] = row
    out: Rows = []
    for row in read_rows(method / "material_families.csv"):
        if row["family"] == "unknown":
            continue
        hazard = hazards.get(row["family"], {})
        out.append(
            {
                "family": row["family"],
                **{f"name_{code}": row[f"name_{code}"] for code in ("en", "nl", "fr", "de")},
                "waste_category": row["totem_waste_category"],
                "ewc": row["ewc_code"],
                "hazard_trigger": hazard.get("hazard_trigger", ""),
                "hazard_ewc": hazard.get("hazard_code", ""),
                "note": row["note"],
                "source_id": "project-families",
                "ewc_source_id": "project-ewc",
            }
        )
    return out


def build_materials(inputs: Path, families: Rows, okobaudat: Okobaudat, templates: Path) -> Rows:
    """materials.csv: the project's list, completed from dataset and family."""
    by_family = index(families, "family")
    defaults = index(read_rows(inputs / "families.csv"), "family")
    hazards = index(read_rows(inputs / "ewc_hazards.csv"), "ewc")
    items = read_rows(inputs / "materials.csv")
    sourced = conductivities(templates, inputs)
    facts = {
        name: index(read_rows(inputs / f"{name}.csv"), "applies_to")
        for name in ("biogenic_carbon", "recycled_content", "reuse")
    }
    for name, rows in (*facts.items(), ("conductivities", dict.fromkeys(sourced))):
        strangers = set(rows) - {item["material_id"] for item in items}
        if strangers:
            raise SystemExit(f"{name}.csv: no such material: {', '.join(sorted(strangers))}")
    own = {
        (item["family"], item["dataset_uuid"])
        for item in items
        if item["dataset_uuid"] and not item["stand_in_note"]
    }
    out: Rows = []
    for item in items:
        family, default = by_family[item["family"]], defaults[item["family"]]
        row = okobaudat.find(item["dataset_uuid"]) if item["dataset_uuid"] else None
        rule, mass, mass_source = conversion(row, item["kg_per_m_unit"]) if row else ("", "", "")
        value, low, high, density_source = density(item, row, default["density_spread_pct"])
        stand_in = bool(item["stand_in_note"]) and row is not None
        near = (item["family"], item["dataset_uuid"]) in own
        stated = item["conductivity_w_mk"] or default["conductivity_w_mk"]
        conductivity = sourced.get(item["material_id"], stated)
        conductivity_source = (
            "teaser-materials" if item["material_id"] in sourced else "project-conductivity" if stated else ""
        )
        # Facts of the material itself come before those of its family.
        own_facts = {
            name: rows.get(item["material_id"]) or rows.get(item["family"]) for name, rows in facts.items()
        }
        recycled, reuse = own_facts["recycled_content"] or {}, own_facts["reuse"] or {}
        carbon = biogenic_carbon(own_facts["biogenic_carbon"], row, mass)
        missing = row is None and item["family"] != "air"
        a4_class = item["a4_class"] or default["a4_class"]
        a4_read = a4_class == default["a4_class"] and default["a4_confidence"] == "read"
        # A code of its own needs the hazard that goes with it, not that of the family.
        hazard = hazards.get(item["ewc"], {}) if item["ewc"] else family
        out.append(
            {
                **{
                    key: item[key]
                    for key in ("material_id", "family", "aliases", "stand_in_note", "density_note")
                },
                **{f"name_{code}": item[f"name_{code}"] for code in ("en", "nl", "fr", "de")},
                "density_kg_m3": value,
                "density_low": low,
                "density_high": high,
                "density_source_id": density_source,
                "conductivity_w_mk": conductivity,
                "conductivity_source_id": conductivity_source,
                "biogenic_carbon_kg_per_kg": carbon[0],
                "biogenic_carbon_low": carbon[1],
                "biogenic_carbon_high": carbon[2],
                "biogenic_carbon_note": carbon[3],
                "biogenic_carbon_source_id": carbon[4],
                "recycled_content_share": recycled.get("share", ""),
                "recycled_content_low": recycled.get("low", ""),
                "recycled_content_high": recycled.get("high", ""),
                "recycled_content_note": recycled.get("note", ""),
                "recycled_content_source_id": "project-recycled-content" if recycled.get("share") else "",
                "reuse_practice": reuse.get("practice", ""),
                "reuse_note": reuse.get("note", ""),
                "reuse_source_id": "project-reuse" if reuse else "",
                "factor_rule": "dataset" if row else "zero" if item["family"] == "air" else "missing",
                "dataset_uuid": row["UUID"] if row else "",
                "conversion": rule,
                "kg_per_declared_unit": mass,
                "factor_source_id": "okobaudat-2024-i" if row else "",
                "conversion_source_id": mass_source,
                "stand_in": "yes" if stand_in else "no",
                "quality_penalty": "3" if missing else "0" if not stand_in else "1" if near else "2",
                "waste_category": item["waste_category"] or family["waste_category"],
                "incineration_process": "" if item["waste_category"] else default["incineration_process"],
                "waste_source_id": "project-families" if not item["waste_category"] else "project-materials",
                "ewc": item["ewc"] or family["ewc"],
                "hazard_trigger": hazard.get("hazard_trigger", ""),
                "hazard_ewc": hazard.get("hazard_ewc", ""),
                "ewc_source_id": "project-ewc" if not item["ewc"] else "project-materials",
                "a4_class": a4_class,
                "a4_confidence": "read" if a4_read else "verify",
                "a4_source_id": "mouton-2022" if a4_read else "project-a4",
                "service_life_years": item["service_life_years"] or default["service_life_years"],
                "service_life_application": item["service_life_application"]
                or default["service_life_application"],
                "service_life_source_id": "totem-library-2024-12",
                "source_id": "project-materials",
            }
        )
    return out


def build_processes(inputs: Path, okobaudat: Okobaudat) -> Rows:
    """processes.csv: the generic rows used for transport and end of life."""
    out: Rows = []
    for item in read_rows(inputs / "processes.csv"):
        item["dataset_uuid"] = okobaudat.find(item["dataset_uuid"])["UUID"]
        item |= {"source_id": "okobaudat-2024-i", "choice_source_id": "project-eol-processes"}
        out.append(item)
    return out


def build_transport(inputs: Path, method: Path) -> Rows:
    """transport_classes.csv: t.km per tonne and lorry."""
    names = index(read_rows(inputs / "transport_classes.csv"), "a4_class")
    return [
        {
            **names[row["class"]],
            "share_via_supplier": row["share_via_supplier"],
            "tkm_lorry_gt32": row["tkm_per_t_lorry_gt32"],
            "tkm_lorry_16_32": row["tkm_per_t_lorry_16_32"],
            "tkm_lorry_7_5_16": row["tkm_per_t_lorry_7_5_16"],
            "tkm_lorry_3_5_7_5": row["tkm_per_t_lorry_3_5_7_5"],
            "confidence": row["confidence"],
            "source_id": "mouton-2022",
        }
        for row in read_rows(method / "transport_a4.csv")
    ]


def build_end_of_life(inputs: Path, method: Path) -> Rows:
    """end_of_life.csv: shares per waste category, with the project's choice of processes."""
    choices = index(read_rows(inputs / "end_of_life.csv"), "waste_category")
    shares = ("landfill", "incineration", "reuse", "recycling", "sorted_on_site", "c2_km_per_tonne")
    return [
        {
            **choices[row["waste_category"]],
            **{name: row[name] for name in shares},
            "process_source_id": "project-eol-processes",
            "source_id": "totem-library-2024-12",
        }
        for row in read_rows(method / "eol_scenarios.csv")
    ]


def build_ewc(method: Path) -> Rows:
    """ewc.csv: waste codes; a star marks a hazardous one."""
    return [
        {
            "ewc": row["code"],
            "title_en": row["title_en"],
            "hazardous": row["hazardous"],
            "chapter": row["group"],
            "source_id": "ewc-2000-532" if row["confidence"] == "read" else "ewc-2000-532-recalled",
        }
        for row in read_rows(method / "ewc17.csv")
    ]


def build_service_lives(method: Path) -> Rows:
    """service_lives.csv: years per application and how often each occurs."""
    return [
        {
            **{key: row[key] for key in ("application", "mode_years", "min_years", "max_years", "n")},
            "counts": row["distribution"],
            "source_id": "totem-library-2024-12",
        }
        for row in read_rows(method / "service_lives.csv")
    ]


def build_cases(path: Path) -> Rows:
    """residential_be_cases.csv: own case ids, dwelling type from the project code."""
    out: Rows = []
    for row in read_rows(path):
        parts = row["admin_project_code"].replace("-", "_").split("_")
        kind, variant = DWELLINGS[parts[0]], "-".join(parts[parts.index(_plan(parts)) + 1 :]).lower()
        size = f"{parts[1]}-" if parts[0] == "MFH" else ""
        out.append(
            {
                "case_id": f"be-{kind}-{size}{_plan(parts).lower()}-{variant}",
                "building_type": kind,
                "construction": CONSTRUCTIONS[row["bldg_struct_type"]],
                "energy_standard": STANDARDS[row["bldg_energy_class_general"]],
                "gross_floor_area_m2": row["bldg_area_gfa"],
                **{group: row[column] for group, column in MODULE_GROUPS.items()},
                "source_id": "eu-ecb-2022",
            }
        )
    return sorted(out, key=lambda item: item["case_id"])


def _plan(parts: Sequence[str]) -> str:
    return next(part for part in parts if part[0] == "P" and part[1:].isdigit())


def build_percentiles(method: Path) -> Rows:
    """residential_be_percentiles.csv: published percentiles of the embodied module groups."""
    out: Rows = []
    for row in read_rows(method / "benchmarks_residential_be.csv"):
        group = "embodied" if row["module"] == "embodied total" else row["module"]
        if group != "embodied" and group not in MODULE_GROUPS:
            continue
        numbers = ("n", "min", "p10", "p25", "median", "mean", "p75", "p90", "max")
        out.append(
            {
                "building_type": BENCHMARK_TYPES[row["building_type"]],
                "construction": CONSTRUCTIONS.get(row["construction"], "all"),
                "module_group": group,
                **{name: row[name] for name in numbers},
                "source_id": "eu-ecb-2022",
            }
        )
    return out


def build_policy_limits(method: Path) -> Rows:
    """policy_limits.csv: limits and targets of other countries, one row each, with what they count."""
    return [
        {
            **{
                name: row[name]
                for name in ("country", "scheme", "use_type", "quantity", "value", "unit", "kind")
            },
            "area_definition": row["area_definition"],
            "study_period_years": row["rsp_years"] if row["rsp_years"].isdigit() else "",
            **{name: row[name] for name in ("modules", "valid_from", "valid_to")},
            "citation": row["source"],
            **{name: row[name] for name in ("confidence", "scope_confidence", "note")},
            "source_id": "policy-limits",
        }
        for row in read_rows(method / "benchmarks_policy.csv")
    ]


def build_ef_factors(method: Path) -> Rows:
    """ef_factors.csv: normalisation and weights, EF 3.0 and 3.1."""
    return [
        {
            "indicator": row["indicator"],
            "ef_category": row["ef_category"],
            "unit": row["unit"],
            "normalisation_ef30": row["nf_ef30"],
            "normalisation_ef31": row["nf_ef31"],
            "weight_pct": row["weight_pct"],
            "source_id": "jrc-ef",
        }
        for row in read_rows(method / "ef_factors.csv")
    ]


def build_monetisation(method: Path) -> Rows:
    """monetisation.csv: EUR per unit of the older MMG indicators."""
    regions = {"we": "western_europe", "fb": "belgium", "rw": "rest_of_world"}
    return [
        {
            "mmg_indicator": row["indicator"],
            "unit": row["unit"],
            "monetised": row["monetised"],
            **{
                f"{name}_{bound}": row[f"{code}_{bound}"]
                for code, name in regions.items()
                for bound in ("central", "low", "high")
            },
            "source_id": "mmg-monetisation",
        }
        for row in read_rows(method / "mmg_monetisation.csv")
    ]


def build_brand_layers(method: Path) -> Rows:
    """brand_layers.csv: layers of a building by pace of change."""
    return [
        {
            "layer": row["layer"],
            "removal_order": row["removal_order_ours"],
            **{key: row[key] for key in ("life_low_years", "life_high_years", "bci_weight", "note")},
            "source_id": "brand-1994",
        }
        for row in read_rows(method / "brand_layers.csv")
    ]


def write_rows(path: Path, columns: Sequence[str], rows: Rows) -> None:
    """One CSV file: UTF-8, comma, LF, exactly these columns."""
    for row in rows:
        if set(row) != set(columns):
            raise SystemExit(f"{path.name}: columns differ by {sorted(set(row) ^ set(columns))}")
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def quoted(text: str) -> str:
    """A TOML basic string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def write_manifest(out: Path, dictionary: Rows, licences: Mapping[str, str]) -> None:
    """manifest.toml: per file the hash, licence, key, number of rows and a line per column."""
    lines = ["# Written by scripts/build_reference_tables.py. sha256 is that of the file's bytes.", ""]
    for name in dict.fromkeys(row["file"] for row in dictionary):
        head = next(row for row in dictionary if row["file"] == name and row["key"])
        raw = (out / name).read_bytes()
        lines += [
            f"[{quoted(name)}]",
            f"text = {quoted(head['text'])}",
            f"licence = {quoted(licences.get(name, 'Apache-2.0'))}",
            f"sha256 = {quoted(hashlib.sha256(raw).hexdigest())}",
            f"rows = {len(read_rows(out / name))}",
            f"key = [{', '.join(quoted(part) for part in head['key'].split('+'))}]",
            "",
            f"[{quoted(name)}.columns]",
        ]
        lines += [
            f"{quoted(row['column'])} = {{ kind = {quoted(row['kind'])}, text = {quoted(row['text'])} }}"
            for row in dictionary
            if row["file"] == name and row["column"]
        ]
        lines.append("")
    (out / "manifest.toml").write_text("\n".join(lines), encoding="utf-8", newline="\n")


def build(
    okobaudat_csv: Path, eu_ecb_csv: Path, method: Path, templates: Path, inputs: Path, out: Path
) -> Mapping[str, Rows]:
    """Build all tables and the manifest in `out`; returns the rows by file name."""
    okobaudat = Okobaudat(okobaudat_csv)
    families = build_families(method)
    materials = build_materials(inputs, families, okobaudat, templates)
    processes = build_processes(inputs, okobaudat)
    used = [row["dataset_uuid"] for row in (*materials, *processes) if row["dataset_uuid"]]
    makers: dict[str, Callable[[], Rows]] = {
        "sources.csv": lambda: read_rows(inputs / "sources.csv"),
        "families.csv": lambda: families,
        "materials.csv": lambda: materials,
        "datasets.csv": lambda: okobaudat.table(used),
        "processes.csv": lambda: processes,
        "transport_classes.csv": lambda: build_transport(inputs, method),
        "end_of_life.csv": lambda: build_end_of_life(inputs, method),
        "ewc.csv": lambda: build_ewc(method),
        "service_lives.csv": lambda: build_service_lives(method),
        "residential_be_cases.csv": lambda: build_cases(eu_ecb_csv),
        "residential_be_percentiles.csv": lambda: build_percentiles(method),
        "policy_limits.csv": lambda: build_policy_limits(method),
        "ef_factors.csv": lambda: build_ef_factors(method),
        "monetisation.csv": lambda: build_monetisation(method),
        "brand_layers.csv": lambda: build_brand_layers(method),
        "recipes.csv": lambda: read_rows(inputs / "recipes.csv"),
        "recipe_elements.csv": lambda: read_rows(inputs / "recipe_elements.csv"),
        "recipe_exceptions.csv": lambda: read_rows(inputs / "recipe_exceptions.csv"),
        "assumptions.csv": lambda: read_rows(inputs / "assumptions.csv"),
        "scenario_presets.csv": lambda: read_rows(inputs / "scenario_presets.csv"),
        "status_modules.csv": lambda: read_rows(inputs / "status_modules.csv"),
    }
    dictionary = read_rows(inputs / "columns.csv")
    out.mkdir(parents=True, exist_ok=True)
    tables: dict[str, Rows] = {}
    for name, make in makers.items():
        tables[name] = make()
        columns = [row["column"] for row in dictionary if row["file"] == name and row["column"]]
        write_rows(out / name, columns, tables[name])
    licences = {
        "residential_be_cases.csv": "CC-BY-SA-4.0",
        "residential_be_percentiles.csv": "CC-BY-SA-4.0",
        "datasets.csv": "OEKOBAUDAT terms, see LICENSES.md",
    }
    write_manifest(out, dictionary, licences)
    return tables


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; prints how many rows each table has."""
    parser = argparse.ArgumentParser(description="Rebuild the tables of `reference`.")
    parser.add_argument("--okobaudat", type=Path, required=True, help="OEKOBAUDAT CSV export, 2024-I generic")
    parser.add_argument(
        "--eu-ecb", type=Path, required=True, help="Belgian cases of the EU-ECB database, CSV"
    )
    parser.add_argument("--method", type=Path, required=True, help="folder with the method tables")
    parser.add_argument("--materials", type=Path, required=True, help="material templates of TEASER, JSON")
    parser.add_argument("--inputs", type=Path, default=DEFAULT_INPUTS, help="the project's own choices")
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help="folder to write to")
    arguments = parser.parse_args(argv)
    tables = build(
        arguments.okobaudat,
        arguments.eu_ecb,
        arguments.method,
        arguments.materials,
        arguments.inputs,
        arguments.out,
    )
    for name, rows in tables.items():
        print(f"{name}: {len(rows)} rows")
    count = Counter(row["factor_rule"] for row in tables["materials.csv"])
    print("materials by factor rule:", dict(count))
    return 0


if __name__ == "__main__":
    sys.exit(main())
