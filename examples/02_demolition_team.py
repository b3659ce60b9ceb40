"""What comes out, where, how heavy, and where may it go? Needs no IFC on site, only the passport.

Run: python examples/02_demolition_team.py [PASSPORT.json]
"""

import sys
from pathlib import Path

from passport import load_passport, propose_routes, read_ifc, save_passport

if len(sys.argv) > 1:
    PASSPORT = Path(sys.argv[1])
else:
    PASSPORT = Path("house.passport.json")
    save_passport(read_ifc(Path(__file__).parent / "models" / "flemish-house.ifc"), PASSPORT)

house = load_passport(PASSPORT)
routes = propose_routes(house)
for route in sorted(routes, key=lambda r: -(r.mass_kg or 0.0))[:5]:
    print(f"{route.mass_kg:7.0f} kg  {route.ewc}  {route.route:9}  {route.storey}: {route.portion}")
    print("            ", route.reason)
    print("             first:", route.action)

by_route: dict[str, float] = {}
for route in routes:
    by_route[route.route] = by_route.get(route.route, 0.0) + (route.mass_kg or 0.0)
print({kind: f"{mass / 1000:.1f} t" for kind, mass in by_route.items()})
