"""Why a shape has no exact figures: this package cannot do it, or nobody can."""

from __future__ import annotations


class NotExactError(Exception):
    """This package does not compute such a shape; the geometry kernel may."""


class BadShapeError(Exception):
    """The shape is degenerate: no way of computing it gives a number that means anything."""
