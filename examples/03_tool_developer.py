"""Only the numbers: own materials and masses, no IFC. Run: python examples/03_tool_developer.py"""

import lca

factors = lca.builtin_factors()
inventory = lca.Inventory.from_columns(
    material=factors.index_of(["clay-brick", "mineral-wool", "not-in-the-library"]),  # -1 where unknown
    mass_kg=[52_000.0, 900.0, 300.0],
    service_life_years=[100.0, 50.0, float("nan")],
)
impact = lca.assess(inventory, factors, lca.Scenario(study_period_years=60))
print(impact.total("gwp-total"))
print(impact.to_frame("gwp-total").head(3).to_string(index=False))
print(f"{impact.known_mass_share('gwp-total'):.3f} of the mass is known; the rest is unknown, not zero")
