"""What lies on what and touches what, from the bodies of the model, added to a passport."""

from __future__ import annotations

from pathlib import Path

from passport.findings import FindingLog, Findings, Severity
from passport.ifc.contact_faces import NEAR_M, find_face_contacts
from passport.ifc.element_meshes import element_meshes
from passport.ifc.mesh import Mesh
from passport.models import Connection, Element, Passport
from passport.progress import Progress, silent

#: What the model says of two elements makes "near" needless between them.
_FOUND = ("lies on", "touches", "near")


def find_contacts(
    path: str | Path,
    passport: Passport,
    *,
    bodies: tuple[dict[int, Mesh], dict[int, str]] | None = None,
    progress: Progress = silent,
) -> Passport:
    """The passport with the contacts that the bodies of its model show, and the area of each.

    The geometry kernel makes the triangles of every element, about 10 ms each; so this is a step of its own.
    An element whose body the kernel cannot make keeps what its box may touch.

    Args:
        path: the model of which `passport` was read.
        bodies: from `element_meshes` of every element, where they were made already.

    Raises:
        IfcReadError: the model cannot be read.
        PassportError: the passport was read from another model.

    Example:
        >>> house = find_contacts("house.ifc", read_ifc("house.ifc"))  # doctest: +SKIP
        >>> [c.area_m2 for c in house.connections if c.kind == "lies on"][:2]  # doctest: +SKIP
    """
    log = FindingLog()
    wanted = [element.step_id for element in passport.elements]
    meshes, lost = bodies if bodies is not None else element_meshes(path, passport, wanted, progress=progress)
    names = {element.step_id: element.global_id for element in passport.elements}
    stated = tuple(each for each in passport.connections if each.kind not in _FOUND)
    joined = {frozenset((each.of, each.to)) for each in stated}
    shown = []
    for contact in find_face_contacts(meshes):
        one, other = names[contact.of], names[contact.to]
        if one == other or (contact.kind == "near" and frozenset((one, other)) in joined):
            continue
        area = None if contact.kind == "near" else round(contact.area_m2, 6)
        shown.append(Connection(contact.kind, one, other, area_m2=area))
    shown += _not_apart([e for e in passport.elements if e.step_id not in meshes], passport)
    for element in passport.elements:
        if element.step_id in lost:
            log.add(
                "contact-lost",
                Severity.WARNING,
                f"No contacts of {element.ifc_class} {element.name or element.global_id}: "
                f"{lost[element.step_id]}.",
                global_id=element.global_id,
                hint="What its box may touch stays possible.",
            )
    notes = [each for each in log.freeze() if each.code == "contact-lost"]
    return passport.model_copy(
        update={
            "connections": (*stated, *dict.fromkeys(shown)),
            "findings": Findings((*passport.findings, *notes)),
            "provenance": passport.provenance.model_copy(update={"contacts": "bodies"}),
        }
    )


def _not_apart(without: list[Element], passport: Passport) -> list[Connection]:
    """Pairs of boxes that come near each other, where one has no body that could be compared."""
    found = []
    for element in without:
        box = element.box_m
        if box is None:
            continue
        for other in passport.elements:
            far = other.box_m
            if far is None or other.global_id == element.global_id:
                continue
            if all(box[k] <= far[k + 3] + NEAR_M and far[k] <= box[k + 3] + NEAR_M for k in range(3)):
                found.append(Connection("near", element.global_id, other.global_id))
    return found
