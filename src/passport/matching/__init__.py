"""From the material name in a model to a material of the library.

>>> from passport.matching import Matcher
>>> Matcher().match("MW_snelbouw 14").family
'clay-block'
"""

from __future__ import annotations

from passport.matching.decisions import Kept, keep, undo
from passport.matching.mapping import Mapping, read_mapping
from passport.matching.matcher import Matcher
from passport.matching.models import Candidate, Match, MaterialQuery

__all__ = [
    "Candidate", "Kept", "Mapping", "Match", "Matcher", "MaterialQuery", "keep", "read_mapping", "undo",
]  # fmt: skip
