"""The leaf: vocabulary, tables, sources, reference values, intervals.

Every figure is read from a table beside this package and names its source. Names are loaded when they are
first used, so importing `reference` costs next to nothing.

Example:
    >>> import reference
    >>> reference.load_materials()["concrete-c30-37"].density_kg_m3
    2360.0
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from reference.errors import BuildingPassportError, ReferenceDataError, UnknownMaterialError
from reference.interval import Interval

# Eager, and light: loaded later, the module of the same name would hide the function.
from reference.sources import sources
from reference.vocabulary import (
    ASSESSED_STAGES,
    CORE_INDICATORS,
    INDICATORS,
    STAGES,
    BiogenicRule,
    BuildingType,
    Indicator,
    RouteKind,
    Stage,
)

if TYPE_CHECKING:
    from reference.datasets import load_datasets
    from reference.factors import FactorTable, load_factors
    from reference.families import load_families
    from reference.limits import Limit, load_limits
    from reference.materials import MaterialLibrary, load_materials
    from reference.models import (
        BrandLayer,
        Dataset,
        EfFactor,
        EndOfLifeRule,
        Family,
        Material,
        Process,
        ServiceLife,
        Source,
        TransportClass,
        WasteCode,
    )
    from reference.percentile_sets import PercentileSet
    from reference.processes import ProcessTable, load_processes
    from reference.reference_files import load_reference_set, save_reference_set
    from reference.reference_sets import ReferenceSet
    from reference.residential import (
        MODULE_GROUPS,
        Construction,
        ReferenceValue,
        load_residential,
        reference_value,
    )
    from reference.service_life import load_brand_layers, load_service_lives
    from reference.sources import load_sources
    from reference.transport import load_transport_classes
    from reference.waste import canonical_ewc, end_of_life_of, load_end_of_life, load_waste_codes, waste_code
    from reference.weighting import load_ef_factors, load_monetisation

#: Distribution that this package belongs to.
__distribution__ = "building-passport"

_HOMES = {
    "datasets": ("load_datasets",),
    "factors": ("FactorTable", "load_factors"),
    "families": ("load_families",),
    "limits": ("Limit", "load_limits"),
    "materials": ("MaterialLibrary", "load_materials"),
    "models": (
        "BrandLayer",
        "Dataset",
        "EfFactor",
        "EndOfLifeRule",
        "Family",
        "Material",
        "Process",
        "ServiceLife",
        "Source",
        "TransportClass",
        "WasteCode",
    ),
    "percentile_sets": ("PercentileSet",),
    "processes": ("ProcessTable", "load_processes"),
    "reference_files": ("load_reference_set", "save_reference_set"),
    "reference_sets": ("ReferenceSet",),
    "residential": (
        "MODULE_GROUPS",
        "Construction",
        "ReferenceValue",
        "load_residential",
        "reference_value",
    ),
    "service_life": ("load_brand_layers", "load_service_lives"),
    "sources": ("load_sources",),
    "transport": ("load_transport_classes",),
    "waste": ("canonical_ewc", "end_of_life_of", "load_end_of_life", "load_waste_codes", "waste_code"),
    "weighting": ("load_ef_factors", "load_monetisation"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "ASSESSED_STAGES",
    "CORE_INDICATORS",
    "INDICATORS",
    "MODULE_GROUPS",
    "STAGES",
    "BiogenicRule",
    "BrandLayer",
    "BuildingPassportError",
    "BuildingType",
    "Construction",
    "Dataset",
    "EfFactor",
    "EndOfLifeRule",
    "FactorTable",
    "Family",
    "Indicator",
    "Interval",
    "Limit",
    "Material",
    "MaterialLibrary",
    "PercentileSet",
    "Process",
    "ProcessTable",
    "ReferenceDataError",
    "ReferenceSet",
    "ReferenceValue",
    "RouteKind",
    "ServiceLife",
    "Source",
    "Stage",
    "TransportClass",
    "UnknownMaterialError",
    "WasteCode",
    "canonical_ewc",
    "end_of_life_of",
    "load_brand_layers",
    "load_datasets",
    "load_ef_factors",
    "load_end_of_life",
    "load_factors",
    "load_families",
    "load_limits",
    "load_materials",
    "load_monetisation",
    "load_processes",
    "load_reference_set",
    "load_residential",
    "load_service_lives",
    "load_sources",
    "load_transport_classes",
    "load_waste_codes",
    "reference_value",
    "save_reference_set",
    "sources",
    "waste_code",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'reference' has no attribute {name!r}")
    value = getattr(import_module(f"reference.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
