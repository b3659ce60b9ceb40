"""Environmental data from outside: OEKOBAUDAT CSV, ILCD+EPD XML and JSON, LCAx, openEPD, our own CSV.

Rules that hold for every format: indicators are told by UUID, column or key and never by likeness; the sets
of EN 15804+A1 and +A2 are never mixed; what is not declared is absent and never zero; scenarios stay apart;
A1-A3 is never counted twice; a dataset with a fault is not imported at all.

Example:
    >>> from reference.importers import read_epds
    >>> read_epds("no such file.json").errors[0].code
    'unreadable'
"""

from reference.importers.checks import check_epds
from reference.importers.epd import Conversion, Epd, Properties
from reference.importers.findings import ImportFinding, ImportResult
from reference.importers.ilcd_json import read_ilcd_json
from reference.importers.ilcd_xml import read_ilcd_xml
from reference.importers.lcax_json import read_lcax
from reference.importers.okobaudat_csv import read_okobaudat_csv
from reference.importers.openepd_json import read_openepd
from reference.importers.override import with_datasets
from reference.importers.own_csv import DataLibrary, load_epds, read_own_csv, save_epds
from reference.importers.read import read_epds

__all__ = [
    "Conversion",
    "DataLibrary",
    "Epd",
    "ImportFinding",
    "ImportResult",
    "Properties",
    "check_epds",
    "load_epds",
    "read_epds",
    "read_ilcd_json",
    "read_ilcd_xml",
    "read_lcax",
    "read_okobaudat_csv",
    "read_openepd",
    "read_own_csv",
    "save_epds",
    "with_datasets",
]
