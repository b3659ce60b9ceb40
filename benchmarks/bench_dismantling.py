"""Time planning how a building comes apart, against networkx alone on the same graph.

The shipped house is put beside itself until there are 10,000 elements. "plan" makes units, edges from
layers, relations and boxes, the order with its phases, blocks and times; the opponent gets the finished edges
and only sorts them (`lexicographical_topological_sort`) or finds ancestors. Medians of 3; the ratio is ours
over theirs, so that above 1 we are slower.

Run:
    python benchmarks/bench_dismantling.py [MODEL.ifc]
"""

from __future__ import annotations

import dataclasses
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import networkx as nx

from passport import Passport, plan_dismantling, read_ifc
from passport.circularity.detachability import score_detachability
from passport.circularity.route_options import route_options
from passport.ifc.contact_faces import find_face_contacts
from passport.ifc.element_meshes import element_meshes

HOUSE = Path(__file__).resolve().parents[1] / "examples" / "models" / "flemish-house.ifc"
ELEMENTS = 10_000
REPEATS = 3


def median_seconds(call: Callable[[], object]) -> float:
    """Median time after one call that is not counted [s]."""
    call()
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def many(house: Passport, elements: int) -> Passport:
    """Copies of a building beside each other, 100 m apart."""
    copies = -(-elements // len(house.elements))
    made, joined = [], []
    for k in range(copies):
        for e in house.elements:
            box = e.box_m
            moved = None if box is None else (box[0] + 100 * k, *box[1:3], box[3] + 100 * k, *box[4:])
            made.append(
                dataclasses.replace(
                    e, global_id=f"{e.global_id}_{k}", step_id=e.step_id + k * 10**7, box_m=moved
                )
            )
        joined += [dataclasses.replace(c, of=f"{c.of}_{k}", to=f"{c.to}_{k}") for c in house.connections]
    return house.model_copy(update={"elements": tuple(made), "connections": tuple(joined)})


def main() -> None:
    """Print the table."""
    house = many(read_ifc(sys.argv[1] if len(sys.argv) > 1 else HOUSE), ELEMENTS)
    plan = plan_dismantling(house)
    graph = nx.DiGraph()
    graph.add_nodes_from(unit.unit_id for unit in plan.graph.units)
    graph.add_edges_from((each.before, each.after) for each in plan.graph.edges)
    targets = plan.order[:: max(1, len(plan.order) // 200)]
    ours = median_seconds(lambda: plan_dismantling(house))
    sort = median_seconds(lambda: list(nx.lexicographical_topological_sort(graph)))
    sets = median_seconds(lambda: [plan.graph.removal_set([each]) for each in targets])
    ancestors = median_seconds(lambda: [nx.ancestors(graph, each) for each in targets])
    scores = score_detachability(house, plan.graph)
    scored = median_seconds(lambda: score_detachability(house, plan.graph))
    routed = median_seconds(lambda: route_options(house, scores))
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else HOUSE
    one = read_ifc(path)
    wanted = [element.step_id for element in one.elements]
    meshes, _ = element_meshes(path, one, wanted)
    kernel = median_seconds(lambda: element_meshes(path, one, wanted))
    touching = median_seconds(lambda: find_face_contacts(meshes))
    print(f"{len(house.elements)} elements, {len(plan.order)} units, {len(plan.graph.edges)} edges")
    print(f"{'what':56}{'s':>8}{'ours / theirs':>15}")
    print(f"{'plan: units, edges, order, blocks, times':56}{ours:>8.2f}")
    print(f"{'networkx: sort the finished edges':56}{sort:>8.2f}{ours / sort:>15.1f}")
    print(f"{f'removal sets of {len(targets)} targets, certain and possible':56}{sets:>8.2f}")
    print(f"{'networkx: ancestors of the same targets':56}{ancestors:>8.2f}{sets / ancestors:>15.1f}")
    print(f"{'detachability of every part':56}{scored:>8.2f}")
    print(f"{'routes of every part':56}{routed:>8.2f}")
    print(f"{f'bodies of {len(meshes)} elements from the geometry kernel':56}{kernel:>8.2f}")
    print(f"{'what they touch / the kernel':56}{touching:>8.2f}{touching / kernel:>15.1f}")


if __name__ == "__main__":
    main()
