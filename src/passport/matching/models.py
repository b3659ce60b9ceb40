"""What goes into the matcher and what comes out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MaterialQuery:
    """A material name of a model and what is known around it.

    Attributes:
        name: the name as the model holds it.
        use: IFC class without StandardCase; name and use identify a row of the mapping file.
        ifc_class: IFC class of the element.
        thickness_m: thickness of the layer in m.
        density_kg_m3: density from the model's own properties.
        category: category of the material or name of the layer.
        language: nl, fr, de or en when known.
        type_name: name of the element's type.
        classification: (system, code) pairs of the material, or of its element or type; a code that tells its
            system by its shape needs no system.
        layer_position: number of the layer as the model lists it, from 0 (outside or top).
        layer_count: number of layers of the element.
        appearance: names of the styles and colours of the material.
        is_external: whether the element is outside.

    Example:
        >>> MaterialQuery("MW_snelbouw 14", use="IfcWall").name
        'MW_snelbouw 14'
    """

    name: str
    use: str = ""
    ifc_class: str = ""
    thickness_m: float | None = None
    density_kg_m3: float | None = None
    category: str = ""
    language: str = ""
    type_name: str = ""
    classification: tuple[tuple[str, str], ...] = ()
    layer_position: int | None = None
    layer_count: int | None = None
    appearance: tuple[str, ...] = ()
    is_external: bool | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A material that the name may mean as well."""

    material_id: str
    family: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Match:
    """The answer for one name.

    Attributes:
        name: the name that was asked.
        material_id: material of the library, or None when the name does not tell.
        family: family of the material, `unknown` when there is none.
        score: probability of being right, or None when there is no answer.
        reason: one sentence that says why.
        step: mapping, exact, term, code, rule, evidence, fuzzy or none.
        alternatives: other materials that the name may mean, most likely first.
        proposal: what the matcher proposes where a person decided; else None.
    """

    name: str
    material_id: str | None
    family: str
    score: float | None
    reason: str
    step: str
    alternatives: tuple[Candidate, ...] = ()
    proposal: str | None = None

    @property
    def by_user(self) -> bool:
        """Whether a person decided, in a mapping file."""
        return self.step == "mapping"
