"""Words that all three packages share: life-cycle stages, indicators, routes.

Order matters: `INDICATORS` fixes the indicator axis and `STAGES` the order of modules in every table.
Source of codes and units: EN 15804:2012+A2:2019 (indicators), EN 15978:2011 (modules).
"""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """Information modules of EN 15978; A1-A3 are declared together."""

    A1_A3 = "A1-A3"
    A4 = "A4"
    A5 = "A5"
    B1 = "B1"
    B2 = "B2"
    B3 = "B3"
    B4 = "B4"
    B5 = "B5"
    B6 = "B6"
    B7 = "B7"
    C1 = "C1"
    C2 = "C2"
    C3 = "C3"
    C4 = "C4"
    D = "D"

    @classmethod
    def parse(cls, text: str) -> Stage:
        """Read a stage as people write it: "A1-A3", "a1a3", "A1_A3", "c 4".

        Raises:
            ValueError: the text names no stage; the message lists those that exist.

        Example:
            >>> Stage.parse("a1a3")
            <Stage.A1_A3: 'A1-A3'>
        """
        key = "".join(c for c in text.upper() if c.isalnum())
        for stage in cls:
            if key == stage.value.replace("-", ""):
                return stage
        raise ValueError(f"{text!r} is not a life-cycle stage; use one of {', '.join(cls)}.")


class Indicator(StrEnum):
    """The 13 core and 6 additional environmental impact indicators of EN 15804+A2."""

    GWP_TOTAL = "GWP-total"
    GWP_FOSSIL = "GWP-fossil"
    GWP_BIOGENIC = "GWP-biogenic"
    GWP_LULUC = "GWP-luluc"
    ODP = "ODP"
    AP = "AP"
    EP_FRESHWATER = "EP-freshwater"
    EP_MARINE = "EP-marine"
    EP_TERRESTRIAL = "EP-terrestrial"
    POCP = "POCP"
    ADPE = "ADPE"
    ADPF = "ADPF"
    WDP = "WDP"
    PM = "PM"
    IRP = "IRP"
    ETP_FW = "ETP-fw"
    HTP_C = "HTP-c"
    HTP_NC = "HTP-nc"
    SQP = "SQP"

    @property
    def unit(self) -> str:
        """Unit of the indicator, in the spelling of EN 15804+A2."""
        return _UNITS[self]

    @classmethod
    def parse(cls, text: str) -> Indicator:
        """Read an indicator as people write it: "gwp-total", "GWP total", "ADPE".

        Raises:
            ValueError: the text names no indicator; the message lists those that exist.

        Example:
            >>> Indicator.parse("gwp_total").unit
            'kg CO2 eq'
        """
        key = "".join(c for c in text.upper() if c.isalnum())
        for indicator in cls:
            if key == "".join(c for c in indicator.value.upper() if c.isalnum()):
                return indicator
        raise ValueError(f"{text!r} is not an indicator; use one of {', '.join(cls)}.")


_UNITS: dict[Indicator, str] = {
    Indicator.GWP_TOTAL: "kg CO2 eq",
    Indicator.GWP_FOSSIL: "kg CO2 eq",
    Indicator.GWP_BIOGENIC: "kg CO2 eq",
    Indicator.GWP_LULUC: "kg CO2 eq",
    Indicator.ODP: "kg CFC-11 eq",
    Indicator.AP: "mol H+ eq",
    Indicator.EP_FRESHWATER: "kg P eq",
    Indicator.EP_MARINE: "kg N eq",
    Indicator.EP_TERRESTRIAL: "mol N eq",
    Indicator.POCP: "kg NMVOC eq",
    Indicator.ADPE: "kg Sb eq",
    Indicator.ADPF: "MJ",
    Indicator.WDP: "m3 world eq",
    Indicator.PM: "disease incidence",
    Indicator.IRP: "kBq U-235 eq",
    Indicator.ETP_FW: "CTUe",
    Indicator.HTP_C: "CTUh",
    Indicator.HTP_NC: "CTUh",
    Indicator.SQP: "dimensionless (pt)",
}

#: Axis order of every table of modules.
STAGES: tuple[Stage, ...] = tuple(Stage)

#: Modules that this release computes (TOTEM/MMG life cycle without B2 and B6); D is never among them.
ASSESSED_STAGES: tuple[Stage, ...] = (
    Stage.A1_A3,
    Stage.A4,
    Stage.A5,
    Stage.B4,
    Stage.C1,
    Stage.C2,
    Stage.C3,
    Stage.C4,
)

#: Axis order of every array of indicators: 13 core, then 6 additional.
INDICATORS: tuple[Indicator, ...] = tuple(Indicator)
CORE_INDICATORS: tuple[Indicator, ...] = INDICATORS[:13]


class RouteKind(StrEnum):
    """What becomes of a portion, best first (directive 2008/98/EC art. 4, in four steps)."""

    REUSE = "reuse"
    RECYCLING = "recycling"
    RECOVERY = "recovery"
    DISPOSAL = "disposal"


class BuildingType(StrEnum):
    """Dwelling types of the residential reference set."""

    DETACHED = "detached"
    SEMI_DETACHED = "semi-detached"
    TERRACED = "terraced"
    APARTMENT = "apartment"


class BiogenicRule(StrEnum):
    """How biogenic CO2 is counted: EN 15804+A2 (-1/+1) or left out (0/0, older MMG)."""

    MINUS_ONE_PLUS_ONE = "-1/+1"
    ZERO_ZERO = "0/0"
