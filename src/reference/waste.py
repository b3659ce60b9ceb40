"""End of life: shares per waste category, and codes of the European list of waste."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from reference.errors import ReferenceDataError
from reference.tables import read_table

if TYPE_CHECKING:
    from reference.models import EndOfLifeRule, Material, WasteCode

_CODE = re.compile(r"\s*(\d{2})[\s.\-]?(\d{2})[\s.\-]?(\d{2})\s*(\*?)\s*")


@cache
def load_end_of_life() -> Mapping[str, EndOfLifeRule]:
    """End-of-life rules by waste category, read once per process; shares of the mass [1].

    Source of the shares: TOTEM element library, December 2024; the choice of processes is our own.

    Raises:
        ReferenceDataError: end_of_life.csv is malformed.

    Example:
        >>> load_end_of_life()["Concrete"].c2_km_per_tonne
        32.5
    """
    from reference.models import EndOfLifeRule

    rules: dict[str, EndOfLifeRule] = {}
    for row in read_table("end_of_life.csv"):
        shares = ("landfill", "incineration", "reuse", "recycling", "sorted_on_site")
        processes = ("landfill_process", "incineration_process", "recycling_process")
        try:
            rule = EndOfLifeRule.model_validate(
                {
                    "waste_category": row.text("waste_category"),
                    **{name: row.number(name) for name in shares},
                    **{name: row.optional_text(name) for name in processes},
                    "first_leg": row.text("first_leg"),
                    "c2_km_per_tonne_published": row.number("c2_km_per_tonne"),
                    "incineration_without_impact": row.flag("incineration_without_impact"),
                    "process_source_id": row.text("process_source_id"),
                    "source_id": row.text("source_id"),
                }
            )
        except ValueError as error:
            raise row.fault("several", str(error)) from error
        rules[rule.waste_category] = rule
    return MappingProxyType(rules)


def end_of_life_of(material: Material) -> EndOfLifeRule | None:
    """Rule of a material, with its own incineration process where it has one; None without a category.

    Raises:
        ReferenceDataError: the category of the material is not in the table.

    Example:
        >>> from reference.materials import load_materials
        >>> end_of_life_of(load_materials()["eps"]).incineration_process
        'incineration-polystyrene'
    """
    if material.waste_category is None:
        return None
    rules = load_end_of_life()
    if material.waste_category not in rules:
        raise ReferenceDataError(
            f"Waste category {material.waste_category!r} of {material.material_id} is not in end_of_life.csv."
        )
    rule = rules[material.waste_category]
    if material.incineration_process is None:
        return rule
    return rule.model_copy(update={"incineration_process": material.incineration_process})


def canonical_ewc(text: str) -> str:
    """A waste code in the form "NN NN NN", with "*" when hazardous.

    Raises:
        ReferenceDataError: the text is no such code.

    Example:
        >>> canonical_ewc("170605 *"), canonical_ewc("17.01.01")
        ('17 06 05*', '17 01 01')
    """
    match = _CODE.fullmatch(text)
    if match is None:
        raise ReferenceDataError(f"{text!r} is not a waste code; write it as NN NN NN or NN NN NN*.")
    return f"{match[1]} {match[2]} {match[3]}{match[4]}"


@cache
def load_waste_codes() -> Mapping[str, WasteCode]:
    """Waste codes of buildings by canonical code, read once per process.

    Raises:
        ReferenceDataError: ewc.csv is malformed.
    """
    from reference.models import WasteCode

    codes: dict[str, WasteCode] = {}
    for row in read_table("ewc.csv"):
        code = row.text("ewc")
        if code != canonical_ewc(code) or code.endswith("*") != row.flag("hazardous"):
            raise row.fault("ewc", "is not canonical, or its star contradicts the field hazardous")
        codes[code] = WasteCode(
            ewc=code,
            title=row.text("title_en"),
            hazardous=row.flag("hazardous"),
            chapter=row.text("chapter"),
            source_id=row.text("source_id"),
        )
    return MappingProxyType(codes)


def waste_code(text: str) -> WasteCode:
    """Look up a code in any usual spelling.

    Raises:
        ReferenceDataError: no such code, or none that this library holds.

    Example:
        >>> waste_code("170101").title
        'concrete'
    """
    code = canonical_ewc(text)
    codes = load_waste_codes()
    if code not in codes:
        raise ReferenceDataError(f"Waste code {code} is not among the {len(codes)} codes of buildings.")
    return codes[code]
