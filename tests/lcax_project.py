"""One project twice: as an lcax project and as our inventory and factor table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import lcax
import numpy as np

import lca
from reference.factors import FactorTable
from reference.vocabulary import INDICATORS, Indicator, Stage

#: Declared modules and their names in lcax.
MODULES = {
    Stage.A1_A3: "A1A3",
    Stage.A4: "A4",
    Stage.A5: "A5",
    Stage.C1: "C1",
    Stage.C2: "C2",
    Stage.C3: "C3",
    Stage.C4: "C4",
}
KEYS = {
    Indicator.GWP_TOTAL: "GWP", Indicator.GWP_FOSSIL: "GWP_FOS", Indicator.GWP_BIOGENIC: "GWP_BIO",
    Indicator.GWP_LULUC: "GWP_LUL", Indicator.ODP: "ODP", Indicator.AP: "AP",
    Indicator.EP_FRESHWATER: "EP_FW", Indicator.EP_MARINE: "EP_MAR", Indicator.EP_TERRESTRIAL: "EP_TER",
    Indicator.POCP: "POCP", Indicator.ADPE: "ADPE", Indicator.ADPF: "ADPF", Indicator.WDP: "WDP",
    Indicator.PM: "PM", Indicator.IRP: "IRP", Indicator.ETP_FW: "ETP_FW", Indicator.HTP_C: "HTP_C",
    Indicator.HTP_NC: "HTP_NC", Indicator.SQP: "SQP",
}  # fmt: skip


@dataclass(frozen=True)
class Twice:
    """Products in elements of three: quantities [kg], materials, and figures per kg."""

    material: Any
    mass_kg: Any
    factors: FactorTable

    @classmethod
    def random(cls, n: int, n_materials: int = 346, seed: int = 5) -> Twice:
        rng = np.random.default_rng(seed)
        values = rng.normal(0.1, 1.0, (n_materials, len(INDICATORS), len(MODULES)))
        return cls(
            material=rng.integers(0, n_materials, n),
            mass_kg=rng.lognormal(3.0, 2.0, n),
            factors=FactorTable(
                materials=tuple(f"m{k}" for k in range(n_materials)),
                indicators=INDICATORS,
                stages=tuple(MODULES),
                values=values,
                partial=np.zeros((n_materials, len(MODULES)), dtype=np.bool_),
                sources=("random",) * n_materials,
            ),
        )

    def inventory(self, life: float = 60.0) -> lca.Inventory:
        n = len(self.mass_kg)
        return lca.Inventory.from_columns(
            material=self.material,
            mass_kg=self.mass_kg,
            service_life_years=np.full(n, life),
            element=np.arange(n) // 3,
        )

    def project(self, life: int = 60, more: tuple[str, ...] = ()) -> Any:
        keys = [getattr(lcax.ImpactCategoryKey, name) for name in KEYS.values()]
        modules = [getattr(lcax.LifeCycleModule, name) for name in MODULES.values()]
        data = [
            lcax.GenericData(
                name=name,
                id=name,
                declared_unit=lcax.Unit.KG,
                impacts=lcax.Impacts(
                    {
                        key: lcax.ImpactCategory(dict(zip(modules, figures.tolist(), strict=True)))
                        for key, figures in zip(keys, self.factors.values[row], strict=True)
                    }
                ),
            )
            for row, name in enumerate(self.factors.materials)
        ]
        products = [
            lcax.Product(
                name=f"p{row}",
                reference_service_life=life,
                impact_data=[data[material]],
                quantity=mass,
                unit=lcax.Unit.KG,
            )
            for row, (material, mass) in enumerate(
                zip(self.material.tolist(), self.mass_kg.tolist(), strict=True)
            )
        ]
        assemblies = [
            lcax.Assembly(
                name=f"a{first}", quantity=1.0, unit=lcax.Unit.PCS, products=products[first : first + 3]
            )
            for first in range(0, len(products), 3)
        ]
        return lcax.Project(
            id="1",
            name="twice",
            location=lcax.Location(country=lcax.Country.UNKNOWN),
            project_phase=lcax.ProjectPhase.OTHER,
            software_info=lcax.SoftwareInfo(lca_software="building-passport"),
            life_cycle_modules=[*modules, *(getattr(lcax.LifeCycleModule, name) for name in more)],
            impact_categories=keys,
            assemblies=assemblies,
            reference_study_period=60,
        )


def totals_of(project: Any) -> dict[tuple[Indicator, str], float]:
    """Results of a calculated project by indicator and module of lcax."""
    by_key = {str(key).rpartition(".")[2]: category for key, category in project.results.dict().items()}
    return {
        (indicator, str(module).rpartition(".")[2]): value
        for indicator, name in KEYS.items()
        for module, value in by_key[name].dict().items()
    }
