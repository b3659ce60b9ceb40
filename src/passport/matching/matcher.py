"""The matcher: exact name, term, code, rule, fuzzy, unknown; a mapping file stands above all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache, lru_cache
from importlib import metadata
from typing import TYPE_CHECKING

from passport.matching.decide import Verdict, ignored_words, most_specific, weigh
from passport.matching.evidence import EXPLAINED, evidence_words, is_fitting
from passport.matching.fuzzy import FuzzyIndex
from passport.matching.index import ALIAS, Hit, TermIndex
from passport.matching.models import Candidate, Match, MaterialQuery
from passport.matching.normalise import SKIPPED, key, tokens

if TYPE_CHECKING:
    from passport.matching.mapping import Mapping
    from reference.materials import MaterialLibrary

UNKNOWN = "unknown"
_DATASETS = "OEKOBAUDAT 2024-I"
_LANGUAGES = {"nl": "nl", "fr": "fr", "de": "de", "en": "en"}
# Families that an unspecific name ("isolatie", "Dämmung") may stand for.
_INSULATION = frozenset(
    [
        "mineral-wool",
        "eps",
        "xps",
        "pur-pir",
        "cellular-glass",
        "bio-insulation",
        "wood-fibre-insulation",
        "cork",
    ]
)
_LIMIT = 4
_WEAK = 15.0
_LONGEST = 300  # letters of a name that are read


@lru_cache(maxsize=4)
def _index_of(library: MaterialLibrary) -> TermIndex:
    return TermIndex(library)


@cache
def _package_version() -> str:
    try:
        return metadata.version("building-passport")
    except metadata.PackageNotFoundError:
        return "source tree"


@lru_cache(maxsize=4)
def _fuzzy_of(index: TermIndex) -> FuzzyIndex:
    return FuzzyIndex(index.singles)


class Matcher:
    """Turns material names into materials of the library, with a score and a reason.

    Args:
        library: the material library; the shipped one when None.
        mapping: decisions of the user from a mapping file.

    Example:
        >>> match = Matcher().match("Laine de roche 100")
        >>> match.family, match.material_id
        ('mineral-wool', 'mineral-wool-stone')
        >>> Matcher().match("Default Wall").family
        'unknown'
    """

    def __init__(self, library: MaterialLibrary | None = None, mapping: Mapping | None = None) -> None:
        if library is None:
            from reference.materials import load_materials

            library = load_materials()
        self.library = library
        self._mapping = mapping
        self._cache: dict[MaterialQuery, Match] = {}
        if mapping is not None:
            mapping.check(library)

    @property
    def _index(self) -> TermIndex:
        return _index_of(self.library)

    @property
    def _fuzzy(self) -> FuzzyIndex:
        return _fuzzy_of(self._index)

    @property
    def library_version(self) -> str:
        """Version of the package and of the data sets behind the library."""
        return f"building-passport {_package_version()}, {_DATASETS}"

    @property
    def mapping_name(self) -> str | None:
        """File name of the mapping, None without one."""
        return None if self._mapping is None else self._mapping.path.name

    def match(self, query: MaterialQuery | str) -> Match:
        """The material that a name means.

        Example:
            >>> Matcher().match(MaterialQuery("C30/37", use="IfcSlab")).material_id
            'concrete-c30-37'
        """
        if isinstance(query, str):
            query = MaterialQuery(query)
        found = self._cache.get(query)
        if found is None:
            proposal = self._propose(query)
            decided = None if self._mapping is None else self._mapping.decide(query, proposal, self.library)
            found = self._cache[query] = decided or proposal
        return found

    def match_many(self, queries: Iterable[MaterialQuery | str]) -> list[Match]:
        """One answer per query, in the same order.

        Example:
            >>> [match.family for match in Matcher().match_many(["S235JR", "Gyproc A 12,5"])]
            ['steel-structural', 'gypsum-board']
        """
        return [self.match(query) for query in queries]

    # ------------------------------------------------------------------ steps

    def _propose(self, query: MaterialQuery) -> Match:
        name = query.name or ""
        evidence = evidence_words(query)
        exact = self._exact(name, evidence)
        if exact is not None:
            return exact
        language = _LANGUAGES.get(query.language[:2].lower(), "") if query.language else ""
        words = _content(name)
        verdict, hits = self._read(name, words, evidence, language)
        if verdict is None or (verdict.best.term.family == UNKNOWN and verdict.best.weight <= _WEAK):
            verdict = self._mistyped(words, language) or verdict
        if verdict is None:
            return self._around(query, self._nothing(name, "no word of the name tells a material"), "")
        verdict = self._by_density(verdict, query.density_kg_m3)
        best = verdict.best.term
        if best.family in ("", UNKNOWN):
            nothing = self._nothing(name, f"'{best.term}' does not tell the material", verdict.others)
            return self._around(query, nothing, best.note)
        return self._answer(name, verdict, hits)

    def _exact(self, name: str, evidence: set[str]) -> Match | None:
        found = self._index.names.get(key(name)) if len(name) <= _LONGEST else None
        if found is None:
            return None
        material_id, reason = found
        family = self.library[material_id].family
        words = tokens(name)
        own = self._index.singles.get(words[0]) if len(words) == 1 else None
        if own is not None and own.note != ALIAS and own.family != family:
            return None  # the word means something else in another language; let the terms decide
        if evidence and any("@" in hit.term.term for hit in self._index.rule_hits(words, evidence, ())):
            return None  # what is around the name says more
        return Match(name, material_id, family, 0.98, f"the name is {reason}", "exact")

    def _read(
        self, name: str, words: tuple[str, ...], evidence: set[str], language: str
    ) -> tuple[Verdict | None, list[Hit]]:
        hits, components = self._index.search(words, language)
        ignored = ignored_words(hits, words)
        hits += self._index.code_hits(name[:_LONGEST], words)
        hits += self._index.rule_hits(words, evidence, ignored)
        return weigh(hits, words, language, components), hits

    def _mistyped(self, words: tuple[str, ...], language: str) -> Verdict | None:
        hits = []
        for i, word in enumerate(words):
            if self._index.word(word, language) is not None:
                continue
            found = self._fuzzy.closest(word)
            if found is not None:
                known, likeness = found
                term = self._index.singles[known]
                hits.append(Hit(term, i, i + 1, 0, term.priority - (100 - likeness) / 4, "fuzzy"))
        verdict = weigh(hits, words, language)
        if verdict is None or verdict.best.term.kind in ("component", "unknown"):
            return None
        return verdict

    def _by_density(self, verdict: Verdict, density: float | None) -> Verdict:
        """Among answers that are nearly level, the one that suits the density."""
        if density is None or verdict.margin > 8 or not verdict.others or verdict.best.term.family == UNKNOWN:
            return verdict
        if self._fits(verdict.best, density) is not False:
            return verdict
        for other in verdict.others:
            if other.weight >= verdict.best.weight - 10 and self._fits(other, density):
                rest = (verdict.best, *(hit for hit in verdict.others if hit is not other))
                return Verdict(other, rest, 4.0)
        return verdict

    def _fits(self, hit: Hit, density: float) -> bool | None:
        if hit.term.family not in self.library.families:
            return None
        material = self.library.default_for(hit.term.family)
        return is_fitting(density, material.density_low, material.density_high)

    def _around(self, query: MaterialQuery, nothing: Match, note: str) -> Match:
        """For a name that does not tell: its category, or the type name for an unspecific insulation."""
        for text, label in ((query.category, "category"), (query.type_name, "type name")):
            if not text:
                continue
            verdict, hits = self._read(text, _content(text), set(), "")
            if verdict is None or verdict.best.term.family in ("", UNKNOWN):
                continue
            best = verdict.best.term
            if label == "category" and best.kind in ("component", "equipment"):
                continue
            if label == "type name" and not ("insulation" in note and best.family in _INSULATION):
                continue
            found = self._answer(query.name, verdict, hits)
            if found.material_id is None:
                continue
            reason = f"the name does not tell, its {label} '{text}' does: {found.reason}"
            return replace(found, score=0.6, reason=reason, step="evidence")
        return nothing

    # ---------------------------------------------------------------- answers

    def _material(self, family: str, material_id: str) -> str | None:
        if material_id and material_id in self.library:
            return material_id
        if family in self.library.families:
            return self.library.default_for(family).material_id
        return None

    def _candidates(self, hits: Iterable[Hit]) -> tuple[Candidate, ...]:
        found = []
        for hit in hits:
            material_id = self._material(hit.term.family, hit.term.material_id)
            if material_id is None or hit.term.family in ("", UNKNOWN):
                continue
            score = round(min(0.45, max(0.05, hit.weight / 150)), 2)
            found.append(Candidate(material_id, hit.term.family, score, _reason(hit)))
        return tuple(found[:_LIMIT])

    def _answer(self, name: str, verdict: Verdict, hits: list[Hit]) -> Match:
        best = verdict.best
        family = best.term.family
        material_id = self._material(family, most_specific(best, hits))
        alternatives = self._candidates(verdict.others)
        if material_id is None:
            return self._nothing(name, f"no material of family {family} in the library", verdict.others)
        return Match(name, material_id, family, _score(verdict), _reason(best), best.step, alternatives)

    def _nothing(self, name: str, reason: str, others: Iterable[Hit] = ()) -> Match:
        return Match(name, None, UNKNOWN, None, reason, "none", self._candidates(others))


def _content(text: str) -> tuple[str, ...]:
    return tuple(word for word in tokens(text[:_LONGEST]) if word not in SKIPPED)


def _reason(hit: Hit) -> str:
    term = hit.term
    what = term.note if term.note and term.note != ALIAS else term.family.replace("-", " ")
    language = f"{term.language}: " if term.language else ""
    if hit.step == "rule":
        words = " and ".join(EXPLAINED.get(word, f"'{word}'") for word in term.term.split(" + "))
        return f"{words} together mean {what}"
    verb = "looks like" if hit.step == "fuzzy" else "holds the code" if hit.step == "code" else "holds"
    return f"name {verb} '{term.term.rstrip('*')}' ({language}{what})"


def _score(verdict: Verdict) -> float:
    """Share of names that were right among those with as much weight and lead."""
    best = verdict.best
    if best.step == "fuzzy":
        return 0.6
    score = 0.95 if best.weight >= 45 else 0.9 if best.weight >= 34 else 0.75 if best.weight >= 20 else 0.6
    if verdict.margin < 3:
        score -= 0.25
    elif verdict.margin < 8:
        score -= 0.2
    return round(score, 2)
