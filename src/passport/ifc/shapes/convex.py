"""A re-entrant outline as convex parts that do not overlap."""

from __future__ import annotations

from collections.abc import Sequence

Point = tuple[float, float]


def turn(a: Point, b: Point, c: Point) -> float:
    """Twice the area of the triangle a, b, c; positive where the way turns left."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def convex_parts(loop: Sequence[Point]) -> list[list[int]] | None:
    """Corner numbers of convex parts of a counter-clockwise outline; None when it cannot be taken apart.

    Ears are cut off one by one, then neighbours are joined again wherever the two together are convex
    (Hertel and Mehlhorn 1983: at most four times the fewest parts).

    Example:
        >>> len(convex_parts([(0, 0), (2, 0), (2, 1), (1, 1), (1, 2), (0, 2)]))
        2
    """
    triangles = _ears(loop)
    return None if triangles is None else _joined(loop, triangles)


def _ears(loop: Sequence[Point]) -> list[list[int]] | None:
    size = max(abs(c) for p in loop for c in p) ** 2
    flat = 1e-14 * size
    rest = list(range(len(loop)))
    triangles: list[list[int]] = []
    while len(rest) > 3:
        for place, corner in enumerate(rest):
            before, after = rest[place - 1], rest[(place + 1) % len(rest)]
            a, b, c = loop[before], loop[corner], loop[after]
            area = turn(a, b, c)
            if abs(area) <= flat:
                rest.pop(place)  # a corner on a straight line, or a spike
                break
            if area > 0 and not any(
                _inside(loop[other], a, b, c) for other in rest if other not in (before, corner, after)
            ):
                triangles.append([before, corner, after])
                rest.pop(place)
                break
        else:
            return None
    if turn(*(loop[i] for i in rest)) > flat:
        triangles.append(rest)
    return triangles or None


def _inside(p: Point, a: Point, b: Point, c: Point) -> bool:
    return turn(a, b, p) >= 0 and turn(b, c, p) >= 0 and turn(c, a, p) >= 0 and p not in (a, b, c)


def _joined(loop: Sequence[Point], parts: list[list[int]]) -> list[list[int]]:
    merged = True
    while merged:
        merged = False
        for i, one in enumerate(parts):
            for j in range(i + 1, len(parts)):
                both = _union(loop, one, parts[j])
                if both is not None:
                    parts[i] = both
                    parts.pop(j)
                    merged = True
                    break
            if merged:
                break
    return parts


def _union(loop: Sequence[Point], one: list[int], other: list[int]) -> list[int] | None:
    """Two convex parts with a common edge as one, None when they have none or make a re-entrant part."""
    for k, start in enumerate(one):
        end = one[(k + 1) % len(one)]
        if end in other and other[(other.index(end) + 1) % len(other)] == start:
            at = other.index(start)
            both = one[k + 1 :] + one[: k + 1] + [*other[at + 1 :], *other[:at]][:-1]
            corners = [loop[c] for c in both]
            count = len(corners)
            if all(turn(corners[c - 2], corners[c - 1], corners[c]) > 0 for c in range(count)):
                return both
    return None
