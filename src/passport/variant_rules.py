"""The rule file of variants: what to change where, as TOML.

Example of a file:

    [[variant]]
    name = "cellulose in the roof"

    [[variant.change]]
    where = { family = "mineral-wool", element_group = "27" }
    material = "cellulose"
    thickness_factor = 1.1

`where` holds keys of a breakdown (element, element_group, ifc_class, material, family, storey, room, layer,
status); all of them must fit, each may be a list, and * stands for any text. Without `where` a change is for
everything.
"""

from __future__ import annotations

import tomllib
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from lca.scenario import EndOfLifeChoice
from lca.status import ElementStatus
from passport.errors import PassportError

#: Keys of `where`.
PLACES = (
    "element", "element_group", "ifc_class", "material", "family", "storey", "room", "layer", "status",
)  # fmt: skip

_Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
_STRICT = ConfigDict(frozen=True, extra="forbid")


class Change(BaseModel):
    """One change of the portions that `where` selects; at least one of the other fields is given.

    Attributes:
        where: texts by key of `PLACES` (given as a mapping); * stands for any text.
        material: id in the material library; volume stays, mass follows the new density.
        thickness_m: new thickness [m] of portions whose thickness is known.
        thickness_factor: new thickness over old one [-].
        service_life_years: new service life [years].
        status: new status.
        end_of_life: landfill, incineration, reuse, recycling (sum 1) and sorted_on_site.
    """

    model_config = _STRICT

    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    material: str | None = None
    thickness_m: _Positive | None = None
    thickness_factor: _Positive | None = None
    service_life_years: _Positive | None = None
    status: ElementStatus | None = None
    end_of_life: EndOfLifeChoice | None = None

    @field_validator("where", mode="before")
    @classmethod
    def _read_where(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        wrong = [key for key in given if key not in PLACES]
        if wrong:
            raise ValueError(f"{', '.join(map(repr, wrong))} is no key; use {', '.join(PLACES)}")
        return tuple((key, (text,) if isinstance(text, str) else text) for key, text in given.items())

    @field_validator("end_of_life", mode="before")
    @classmethod
    def _read_end_of_life(cls, given: Any) -> Any:
        return {"of": "variant", **given} if isinstance(given, dict) else given

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        given = self.model_dump(exclude={"where"}, exclude_none=True)
        if not given:
            raise ValueError(
                "nothing to change; give material, thickness_m, thickness_factor, service_life_years, status "
                "or end_of_life"
            )
        if self.thickness_m is not None and self.thickness_factor is not None:
            raise ValueError("give thickness_m or thickness_factor, not both")
        return self

    def selects(self, labels: dict[str, str]) -> bool:
        """Whether a portion with these labels is meant.

        Example:
            >>> change = Change.model_validate({"where": {"storey": "Level *"}, "thickness_factor": 2})
            >>> change.selects({"storey": "Level 1"})
            True
        """
        return all(
            any(fnmatchcase(labels[key].casefold(), pattern.casefold()) for pattern in patterns)
            for key, patterns in self.where
        )


class Variant(BaseModel):
    """A named set of changes, made in their order."""

    model_config = _STRICT

    name: Annotated[str, Field(min_length=1)]
    change: Annotated[tuple[Change, ...], Field(min_length=1)]


class _File(BaseModel):
    model_config = _STRICT

    variant: Annotated[tuple[Variant, ...], Field(min_length=1)]

    @field_validator("variant", mode="after")
    @classmethod
    def _names_once(cls, variants: tuple[Variant, ...]) -> tuple[Variant, ...]:
        names = [each.name for each in variants]
        double = sorted({name for name in names if names.count(name) > 1})
        if double:
            raise ValueError(f"two variants are called {', '.join(map(repr, double))}")
        return variants


def load_variants(path: str | Path) -> tuple[Variant, ...]:
    """Read a rule file.

    Raises:
        PassportError: the file cannot be read or has faults; all of them are listed with their place.

    Example:
        >>> load_variants("variants.toml")  # doctest: +SKIP
    """
    source = Path(path)
    try:
        data = tomllib.loads(source.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise PassportError(f"{source}: cannot be read ({error.strerror or error}).") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PassportError(f"{source}: is no TOML file ({error}).") from error
    try:
        return _File.model_validate(data).variant
    except ValidationError as error:
        faults = "\n".join(
            f"- {'.'.join(str(part) for part in fault['loc']) or 'file'}: {fault['msg']}"
            for fault in error.errors()
        )
        raise PassportError(f"{source}: the variants have faults:\n{faults}") from error
