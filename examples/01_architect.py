"""Is my design better than the residential reference? Run: python examples/01_architect.py [MODEL.ifc]"""

import sys
from pathlib import Path

from passport import assess, compare, read_ifc, write_report

MODEL = Path(__file__).parent / "models" / "flemish-house.ifc"

house = read_ifc(sys.argv[1] if len(sys.argv) > 1 else MODEL)
print(house.findings.summary())
for row in house.unmatched():
    print("no material known:", row["name"] or "(no name)", row["volume_m3"], "m3")

assessment = assess(house)
print(assessment.per_m2("gwp-total"))

comparison = compare(assessment, building_type="detached")
print(comparison)

print(
    "report:", write_report("house.html", house, assessment=assessment, comparison=comparison, language="nl")
)
