"""A dataset while it is read: every fault is noted with its place, and a faulty dataset is not handed out."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from reference.importers.codes import IndicatorCode, ef_version_of, parse_module, unit_fits
from reference.importers.declared_units import declared_amount, transport_amount
from reference.importers.epd import Epd, Properties, Standard, ValueKey
from reference.importers.findings import ImportFinding, Severity

_NUMBER = re.compile(r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
#: Longest text that is taken over [characters].
MAX_TEXT = 4000


def parse_number(raw: object) -> float | None:
    """A finite number from a number or a text with a decimal point; None for anything else.

    Example:
        >>> parse_number("1.62E-9"), parse_number("3,6"), parse_number(True), parse_number("nan")
        (1.62e-09, None, None, None)
    """
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int | float):
        return float(raw) if abs(raw) < 1e300 and math.isfinite(raw) else None
    if isinstance(raw, str) and _NUMBER.match(raw.strip()):
        value = float(raw)
        return value if math.isfinite(value) else None
    return None


class EpdDraft:
    """Collects one dataset. `build` gives it, or None if anything in it is wrong.

    Args:
        file: name of the file, for the findings.
        format: name of the format.
        dataset: UUID, or a name where there is none.
        skip_unknown: leave out indicators that no table knows instead of refusing the dataset.
    """

    def __init__(self, file: str, format: str, dataset: str, *, skip_unknown: bool = False) -> None:
        self.file, self.format, self.dataset = file, format, dataset
        self.skip_unknown = skip_unknown
        self.findings: list[ImportFinding] = []
        self.values: dict[ValueKey, float] = {}
        self.uuids: list[str] = []

    def note(self, severity: Severity, code: str, field: str, message: str, hint: str | None = None) -> None:
        """Note a finding of this dataset."""
        self.findings.append(ImportFinding(code, severity, self.file, self.dataset, field, message, hint))

    def error(self, code: str, field: str, message: str, hint: str | None = None) -> None:
        """Note a fault for which the dataset is refused."""
        self.note("error", code, field, message, hint)

    @property
    def faulty(self) -> bool:
        """Whether an error was noted."""
        return any(item.severity == "error" for item in self.findings)

    def number(self, raw: object, field: str) -> float | None:
        """A number, None where there is none; a text that is no number is a fault."""
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            return None
        value = parse_number(raw)
        if value is None:
            shown = raw if isinstance(raw, str | int | float | bool) else type(raw).__name__
            self.error("not-a-number", field, f"{shown!r} is not a finite number.")
        return value

    def text(self, raw: object, field: str) -> str:
        """A text on one line; numbers are written out, anything else is left out with a warning."""
        if raw is None:
            return ""
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            self.note("warning", "not-a-text", field, f"a text is expected, found {type(raw).__name__}.")
            return ""
        return " ".join(str(raw).split())[:MAX_TEXT]

    def year(self, raw: object, field: str) -> int | None:
        """A year; anything else is left out with a warning."""
        value = parse_number(raw)
        if value is not None and value == int(value) and 1900 <= value <= 2200:
            return int(value)
        if raw not in (None, ""):
            self.note("warning", "not-a-year", field, f"{raw!r} is not a year.")
        return None

    def indicator(
        self, uuid: object, label: str, known: Mapping[str, IndicatorCode], field: str
    ) -> IndicatorCode | None:
        """The code of a UUID. A missing one is a fault, and so is an unknown one unless those are skipped."""
        if not isinstance(uuid, str) or not uuid.strip():
            self.error(
                "indicator-without-uuid",
                field,
                f"indicator {label!r} has no UUID.",
                "A name alone does not tell which indicator set is meant; ask the issuer for the dataset.",
            )
            return None
        found = known.get(uuid.strip().lower())
        if found is None:
            self._unknown(field, f"{label!r} with UUID {uuid}")
        elif found.set == "national":
            self.note("info", "national-indicator", field, f"{found.code} is left out: it is of no EN set.")
            return None
        else:
            self.uuids.append(uuid.strip().lower())
        return found

    def _unknown(self, field: str, what: str) -> None:
        message = f"unknown indicator {what}."
        if self.skip_unknown:
            self.note("warning", "unknown-indicator", field, message, "It is left out, as asked.")
        else:
            self.error(
                "unknown-indicator", field, message, "Import without unknown indicators to leave it out."
            )

    def unknown_key(self, key: str, field: str) -> None:
        """An indicator whose name no table knows."""
        self._unknown(field, repr(key))

    def unit(self, code: IndicatorCode, label: str, group: str, field: str) -> bool:
        """Whether the unit is that of the indicator; if not, that is a fault."""
        fits = unit_fits(code, label, group)
        if fits == "no":
            what = label or f"unit group {group}"
            self.error("wrong-unit", field, f"{code.code} is given in {what!r}, it must be {code.unit}.")
        elif fits == "odd":
            self.note(
                "warning",
                "unit-label",
                field,
                f"{code.code} is labelled {label!r}, its unit group is that of {code.unit}.",
                "The values are taken as they are; compare them with the printed declaration.",
            )
        return fits != "no"

    def add(self, code: IndicatorCode, module: object, scenario: object, raw: object, field: str) -> None:
        """Take one value; no value means not declared and is skipped."""
        known = parse_module(module) if isinstance(module, str) else None
        if known is None:
            self.error("unknown-module", field, f"{module!r} is not a module of EN 15804.")
            return
        value = self.number(raw, field)
        if value is None:
            return
        key = (code.code, known, self.text(scenario, field))
        if key in self.values:
            where = f", scenario {key[2]!r}" if key[2] else ""
            self.error(
                "value-twice",
                field,
                f"{code.code} of module {known}{where} is there twice.",
                "Values of different scenarios need different scenario names.",
            )
        else:
            self.values[key] = value

    def unit_amount(self, quantity: object, unit: str, field: str) -> tuple[float | None, str | None]:
        """Declared quantity and unit in the words of this library; see `declared_amount`."""
        amount = None if quantity is None else self.number(quantity, field)
        if amount is None or not unit.strip():
            if not self.faulty:
                self.note(
                    "warning",
                    "declared-unit-unknown",
                    field,
                    "the file does not say what amount the values count for.",
                    "The dataset can be kept, but not be used for a material.",
                )
            return None, None
        if amount <= 0:
            self.error("declared-quantity", field, f"the declared quantity is {amount:g}.")
            return None, None
        found = declared_amount(amount, unit)
        if found is None:
            self.error("unknown-declared-unit", field, f"{unit!r} is not a unit that is known.")
            return None, None
        if found[1] == "t.km":
            return self._transport(found[0], field)
        return found

    def _transport(self, tkm: float, field: str) -> tuple[float, str]:
        gwp = self.values.get(("GWP-total", "A4", ""), self.values.get(("GWP (A1)", "A4", "")))
        plausible = transport_amount(tkm, gwp)
        if plausible is None:
            self.note(
                "warning", "transport-amount", field, f"{gwp} kg CO2 eq for {tkm:g} t.km is not plausible."
            )
            return tkm, "t.km"
        if plausible != tkm:
            self.note(
                "info",
                "transport-amount",
                field,
                f"declared for {tkm:g} t.km, but the values count for 1 t.km, as {gwp:g} kg CO2 eq shows.",
            )
        return plausible, "t.km"

    def standard(self) -> Standard:
        """The indicator set of the values, whatever the file says of itself."""
        from reference.importers.codes import codes

        sets = {codes()[code].set for code, _, _ in self.values}
        if "A2" in sets:
            if "A1" in sets:
                self.note(
                    "info", "two-sets", "", "values of EN 15804+A1 and +A2 are there; they are kept apart."
                )
            return "A2"
        return "A1" if "A1" in sets else ""

    def ef_version(self, stated: str = "") -> str:
        """Version of the characterisation from the UUIDs; `stated` where they do not tell."""
        found = {version for version in map(ef_version_of, self.uuids) if version}
        if len(found) > 1:
            self.note(
                "warning", "ef-versions-mixed", "", f"indicators of {' and '.join(sorted(found))} are mixed."
            )
        return min(found) if len(found) == 1 else stated

    def build(self, *, stated: Standard = "", **fields: Any) -> Epd | None:
        """The dataset, or None when it is refused or holds nothing.

        Args:
            stated: the set that the file claims; a contradiction is a warning, the values decide.
            fields: the remaining fields of `Epd`.
        """
        standard = self.standard()
        if stated and standard and stated != standard:
            self.note(
                "warning",
                "claims-other-set",
                "",
                f"the file claims EN 15804+{stated}, its indicators are those of EN 15804+{standard}.",
            )
        if not self.faulty and not self.values:
            self.error("no-values", "", "holds no value of any known indicator.")
        if not self.faulty and not any(self.values.values()):
            if fields.get("reference_year") is None:
                self.note(
                    "info", "all-zero", "", "every value is 0 and no year is given: no product; left out."
                )
                return None
            self.note("info", "all-zero", "", "every value is declared as 0, as for a by-product.")
        if self.faulty:
            return None
        fields.setdefault("properties", Properties())
        epd = Epd(
            uuid=self.dataset,
            source_file=self.file,
            format=self.format,
            standard=standard,
            values=dict(self.values),
            **fields,
        )
        self._report_scenarios(epd)
        return epd

    def _report_scenarios(self, epd: Epd) -> None:
        for module in epd.modules:
            names = epd.scenarios(module)
            defaults = [name for name in names if name in epd.default_scenarios]
            if len(names) > 1 and len(defaults) != 1:
                self.note(
                    "warning",
                    "no-default-scenario",
                    module,
                    f"has the scenarios {', '.join(map(repr, names))} and "
                    f"{'several defaults' if defaults else 'no default'}; "
                    f"{epd.scenario_of(module)!r} counts.",
                    "Choose another with --scenario.",
                )
