"""The reuse catalogue as a page to take to the site: one card per kind of component, with its picture."""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from passport.report.component_picture import draw_component, small_photo
from reference.writing import replacing

if TYPE_CHECKING:
    from passport.circularity.inventory import DemolitionInventory, ReusableKind

#: Vertices [m] and triangles of one body.
Body = tuple[NDArray[np.float64], NDArray[np.int32]]

_STYLE = (
    "body{font-family:sans-serif;margin:24px;color:#22313a}main{display:grid;gap:16px;"
    "grid-template-columns:repeat(auto-fill,minmax(270px,1fr))}article{border:1px solid #cfd8dc;"
    "border-radius:6px;padding:14px;break-inside:avoid}img{width:240px;height:180px;object-fit:contain}"
    "h2{font-size:1rem;margin:6px 0;overflow-wrap:anywhere}dl{display:grid;grid-template-columns:auto 1fr;"
    "gap:2px 10px;margin:0;font-size:.85rem}dt{color:#5b6770}dd{margin:0;overflow-wrap:anywhere}"
    ".none{width:240px;height:180px;display:grid;place-items:center;color:#5b6770;background:#f3f6f7}"
)


def pictures(inventory: DemolitionInventory, bodies: Mapping[str, Body]) -> dict[int, bytes]:
    """PNG by place in `inventory.reusable`: the photograph of the survey, else drawn from a body.

    Args:
        bodies: by GlobalId; kinds of which none is among them and no photograph exists have no picture.
    """
    found = {}
    for place, kind in enumerate(inventory.reusable):
        shot = small_photo(kind.photo) if kind.photo else None
        if shot is None:
            body = next((bodies[each] for each in kind.global_ids if each in bodies), None)
            shot = None if body is None else draw_component(*body)
        if shot is not None:
            found[place] = shot
    return found


def write_catalogue(
    path: str | Path, inventory: DemolitionInventory, shots: Mapping[int, bytes], title: str
) -> Path:
    """Write the catalogue; it opens offline and prints.

    Raises:
        OSError: the file cannot be written.
    """
    target = Path(path)
    cards = [_card(kind, shots.get(place)) for place, kind in enumerate(inventory.reusable)]
    text = (
        f"{len(cards)} kinds of components that no gate rules out for reuse. What is not certain stands on "
        "each card: look at it on site. Sizes from the model are those of the box around a piece."
    )
    with replacing(target) as stream:
        stream.write(
            '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
            f"<title>{html.escape(title)}</title><style>{_STYLE}</style></head><body>"
            f"<h1>{html.escape(title)}</h1><p>{text}</p><main>{''.join(cards)}</main></body></html>"
        )
    return target


def _card(kind: ReusableKind, png: bytes | None) -> str:
    sizes = [
        f"{side * 100:,.0f}" for side in (kind.length_m, kind.width_m, kind.height_m) if side is not None
    ]
    each = "not known" if kind.mass_kg is None else f"{kind.mass_kg:,.0f} kg"
    least, most = kind.first
    before = "nothing" if most == 0 else f"{least} parts" if least == most else f"{least} to {most} parts"
    rows = (
        ("material", kind.material),
        ("size", " x ".join(sizes) + " cm" if sizes else "not known"),
        ("one weighs", each),
        ("condition", kind.condition),
        ("where", "; ".join(kind.places)),
        ("leaves first", before),
        ("how", kind.advice or "-"),
        ("not certain", kind.blocker or "-"),
        ("GlobalId", ", ".join(kind.global_ids[:3]) + (" ..." if len(kind.global_ids) > 3 else "")),
    )
    shown = "".join(f"<dt>{name}</dt><dd>{html.escape(text)}</dd>" for name, text in rows)
    if png is None:
        picture = '<div class="none">no picture: no body in the model</div>'
    else:
        data = base64.b64encode(png).decode("ascii")
        picture = f'<img alt="{html.escape(kind.name)}" src="data:image/png;base64,{data}">'
    return f"<article>{picture}<h2>{kind.count} x {html.escape(kind.name)}</h2><dl>{shown}</dl></article>"
