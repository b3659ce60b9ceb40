"""Digital building passports: from an IFC model to impact, comparison and end-of-life routes.

    >>> from passport import read_ifc, assess, compare  # doctest: +SKIP
    >>> house = read_ifc("house.ifc")  # doctest: +SKIP
    >>> print(compare(assess(house), building_type="detached"))  # doctest: +SKIP

The names below are the public face; they are loaded when first used, so that ``import passport`` is quick
and loads neither ifcopenshell nor numba nor plotly.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lca.compare import Comparison as Comparison
    from passport.api import Run as Run
    from passport.api import run as run
    from passport.api import write_report as write_report
    from passport.api import write_run as write_run
    from passport.assessment import Assessment as Assessment
    from passport.assessment import Coverage as Coverage
    from passport.assessment import assess as assess
    from passport.assessment import factors_with_data as factors_with_data
    from passport.breakdowns import breakdown as breakdown
    from passport.breakdowns import write_breakdown as write_breakdown
    from passport.circularity.dismantling import DismantlingPlan as DismantlingPlan
    from passport.circularity.dismantling import plan_dismantling as plan_dismantling
    from passport.circularity.routes import RouteProposal as RouteProposal
    from passport.circularity.routes import propose_routes as propose_routes
    from passport.circularity.study import DismantlingStudy as DismantlingStudy
    from passport.circularity.study import study_dismantling as study_dismantling
    from passport.comparison import compare as compare
    from passport.design_changes import improve as improve
    from passport.design_choices import Cheapest as Cheapest
    from passport.design_choices import DesignChange as DesignChange
    from passport.design_choices import Fewest as Fewest
    from passport.design_choices import cheapest as cheapest
    from passport.design_choices import fewest as fewest
    from passport.errors import IfcReadError as IfcReadError
    from passport.errors import MappingFileError as MappingFileError
    from passport.errors import PassportError as PassportError
    from passport.errors import PassportFileError as PassportFileError
    from passport.errors import QuantityNamesError as QuantityNamesError
    from passport.errors import StrictError as StrictError
    from passport.findings import Finding as Finding
    from passport.findings import Findings as Findings
    from passport.findings import Severity as Severity
    from passport.ifc.contacts import find_contacts as find_contacts
    from passport.ifc.reader import read_ifc as read_ifc
    from passport.models import SCHEMA_VERSION as SCHEMA_VERSION
    from passport.models import BuildingUse as BuildingUse
    from passport.models import BuildingVolume as BuildingVolume
    from passport.models import Element as Element
    from passport.models import FloorArea as FloorArea
    from passport.models import LeftOut as LeftOut
    from passport.models import Passport as Passport
    from passport.models import Portion as Portion
    from passport.models import Quantity as Quantity
    from passport.models import Status as Status
    from passport.models import load_passport as load_passport
    from passport.models import passport_schema as passport_schema
    from passport.models import save_passport as save_passport
    from passport.populations import leave_one_out as leave_one_out
    from passport.populations import own_population as own_population
    from passport.renovations import Renovation as Renovation
    from passport.renovations import renovation as renovation
    from passport.review import ReviewLine as ReviewLine
    from passport.review import review_lines as review_lines
    from passport.simulations import Uncertainty as Uncertainty
    from passport.simulations import uncertain_inputs as uncertain_inputs
    from passport.simulations import uncertainty as uncertainty
    from passport.upkeep import load_upkeep as load_upkeep
    from passport.variant_rules import Variant as Variant
    from passport.variant_rules import load_variants as load_variants
    from passport.variants import VariantResults as VariantResults
    from passport.variants import assess_variants as assess_variants

__distribution__ = "building-passport"

_HOME = {
    "Assessment": "passport.assessment",
    "BuildingUse": "passport.models",
    "BuildingVolume": "passport.models",
    "Comparison": "lca.compare",
    "Coverage": "passport.assessment",
    "Element": "passport.models",
    "Finding": "passport.findings",
    "Findings": "passport.findings",
    "FloorArea": "passport.models",
    "IfcReadError": "passport.errors",
    "LeftOut": "passport.models",
    "MappingFileError": "passport.errors",
    "Passport": "passport.models",
    "PassportError": "passport.errors",
    "PassportFileError": "passport.errors",
    "Portion": "passport.models",
    "Quantity": "passport.models",
    "QuantityNamesError": "passport.errors",
    "Renovation": "passport.renovations",
    "ReviewLine": "passport.review",
    "RouteProposal": "passport.circularity.routes",
    "Run": "passport.api",
    "SCHEMA_VERSION": "passport.models",
    "Severity": "passport.findings",
    "Status": "passport.models",
    "StrictError": "passport.errors",
    "assess": "passport.assessment",
    "breakdown": "passport.breakdowns",
    "compare": "passport.comparison",
    "DesignChange": "passport.design_choices",
    "Cheapest": "passport.design_choices",
    "Fewest": "passport.design_choices",
    "DismantlingPlan": "passport.circularity.dismantling",
    "DismantlingStudy": "passport.circularity.study",
    "plan_dismantling": "passport.circularity.dismantling",
    "study_dismantling": "passport.circularity.study",
    "cheapest": "passport.design_choices",
    "factors_with_data": "passport.assessment",
    "fewest": "passport.design_choices",
    "improve": "passport.design_changes",
    "leave_one_out": "passport.populations",
    "load_passport": "passport.models",
    "own_population": "passport.populations",
    "passport_schema": "passport.models",
    "propose_routes": "passport.circularity.routes",
    "find_contacts": "passport.ifc.contacts",
    "read_ifc": "passport.ifc.reader",
    "renovation": "passport.renovations",
    "review_lines": "passport.review",
    "run": "passport.api",
    "save_passport": "passport.models",
    "Uncertainty": "passport.simulations",
    "Variant": "passport.variant_rules",
    "VariantResults": "passport.variants",
    "assess_variants": "passport.variants",
    "load_upkeep": "passport.upkeep",
    "uncertain_inputs": "passport.simulations",
    "uncertainty": "passport.simulations",
    "load_variants": "passport.variant_rules",
    "write_breakdown": "passport.breakdowns",
    "write_report": "passport.api",
    "write_run": "passport.api",
}

__all__ = [
    "SCHEMA_VERSION",
    "Assessment",
    "BuildingUse",
    "BuildingVolume",
    "Cheapest",
    "Comparison",
    "Coverage",
    "DesignChange",
    "DismantlingPlan",
    "DismantlingStudy",
    "Element",
    "Fewest",
    "Finding",
    "Findings",
    "FloorArea",
    "IfcReadError",
    "LeftOut",
    "MappingFileError",
    "Passport",
    "PassportError",
    "PassportFileError",
    "Portion",
    "Quantity",
    "QuantityNamesError",
    "Renovation",
    "ReviewLine",
    "RouteProposal",
    "Run",
    "Severity",
    "Status",
    "StrictError",
    "Uncertainty",
    "Variant",
    "VariantResults",
    "assess",
    "assess_variants",
    "breakdown",
    "cheapest",
    "compare",
    "factors_with_data",
    "fewest",
    "find_contacts",
    "improve",
    "leave_one_out",
    "load_passport",
    "load_upkeep",
    "load_variants",
    "own_population",
    "passport_schema",
    "plan_dismantling",
    "propose_routes",
    "read_ifc",
    "renovation",
    "review_lines",
    "run",
    "save_passport",
    "study_dismantling",
    "uncertain_inputs",
    "uncertainty",
    "write_breakdown",
    "write_report",
    "write_run",
]


def _refuse_foreign(name: str) -> None:
    """Another distribution, or a file of the user, may hold a package of the same name."""
    module = importlib.import_module(name)
    if getattr(module, "__distribution__", None) != __distribution__:
        raise ImportError(
            f"{name!r} was imported from {module.__file__}, not from {__distribution__}; "
            "rename that file or use a clean environment."
        )


_refuse_foreign("reference")
_refuse_foreign("lca")


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(importlib.import_module(_HOME[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'passport' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
