"""Kinds of routes in the order of the waste hierarchy, the best first; the order is this project's own."""

from __future__ import annotations

#: From reuse in place to landfill; hazardous treatment stands apart, at the end.
ROUTE_KINDS: tuple[str, ...] = (
    "reuse in place", "reuse elsewhere", "take-back", "closed-loop recycling", "open-loop recycling",
    "backfill", "energy recovery", "landfill", "hazardous treatment",
)  # fmt: skip
#: Row of the mass whose route nobody knows.
UNKNOWN_ROUTE = "unknown"
REUSE: tuple[str, ...] = ROUTE_KINDS[:2]
RECYCLING: tuple[str, ...] = ROUTE_KINDS[2:5]


def rank(kind: str) -> int:
    """Place in the hierarchy, 0 for the best.

    Example:
        >>> rank("reuse elsewhere") < rank("landfill")
        True
    """
    return ROUTE_KINDS.index(kind)
