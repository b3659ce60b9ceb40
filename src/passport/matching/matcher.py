"""The matcher: exact name, term, code, rule, fuzzy, unknown; a mapping file stands above all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache, lru_cache
from importlib import metadata
from typing import TYPE_CHECKING

from passport.matching.calibration import NAMED, calibrated
from passport.matching.classification import code_rows
from passport.matching.corroborate import by_codes, checked
from passport.matching.decide import Verdict, ignored_words, most_specific, weigh
from passport.matching.evidence import EXPLAINED, evidence_words, is_fitting
from passport.matching.fuzzy import SHORTEST_SLIP, FuzzyIndex
from passport.matching.index import ALIAS, Hit, TermIndex, mistyped
from passport.matching.models import Candidate, Match, MaterialQuery
from passport.matching.normalise import SKIPPED, key, tokens

if TYPE_CHECKING:
    from passport.matching.mapping import Mapping, MappingRow
    from reference.match_terms import ClassificationCode, MatchTerm
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
_VAGUE = 25.0  # a word that says "no material" with more weight than this is believed
_SAYING = frozenset(["head", "modifier", "abbrev", "word", "brand", "rule", "code", "air"])
_LONG_SLIP = 10  # letters from which a known compound may still be a mistyped word
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
    return FuzzyIndex(index.singles, index.phrase_words)


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
        """File names of the mapping, None without one."""
        return None if self._mapping is None else self._mapping.name

    def decided_without_material(self, type_name: str, use: str) -> Match | None:
        """What the mapping says of elements without a material of this type and use; None when nothing."""
        if self._mapping is None:
            return None
        return self._mapping.decide_without_material(type_name, use, self.library)

    def unused_decisions(self, seen: Iterable[tuple[str, str]]) -> list[MappingRow]:
        """Decisions of the first mapping file about names and uses that are not among `seen`."""
        return [] if self._mapping is None else self._mapping.unused(seen)

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

    def explain(self, query: MaterialQuery) -> tuple[str, float, float, str] | None:
        """Group of the calibration, weight, lead and family of the answer that the name alone gives.

        None without an answer. For the calibration of scores.

        Example:
            >>> group, weight, lead, family = Matcher().explain(MaterialQuery("snelbouw 14"))
            >>> group, family
            ('named', 'clay-block')
        """
        name = query.name or ""
        evidence = evidence_words(query)
        exact = self._exact(name, evidence)
        if exact is not None:
            return "exact", 0.0, 0.0, exact.family
        verdict, _ = self._heard(query, evidence)
        if verdict is None or verdict.best.term.family in ("", UNKNOWN):
            return None
        best = verdict.best
        group = "named" if best.step in NAMED else best.step
        return group, best.weight, verdict.margin, best.term.family

    # ------------------------------------------------------------------ steps

    def _propose(self, query: MaterialQuery) -> Match:
        rows = code_rows(query.classification) if query.classification else ()
        return checked(query, self._by_name(query, rows), rows)

    def _by_name(self, query: MaterialQuery, rows: tuple[ClassificationCode, ...]) -> Match:
        name = query.name or ""
        evidence = evidence_words(query)
        exact = self._exact(name, evidence)
        if exact is not None:
            return exact
        verdict, hits = self._heard(query, evidence)
        if verdict is None:
            nothing = self._nothing(name, "no word of the name tells a material")
            return self._around(query, nothing, "", 0.0, rows)
        verdict = by_codes(self._by_density(verdict, query.density_kg_m3), rows)
        best = verdict.best.term
        if best.family in ("", UNKNOWN):
            nothing = self._nothing(name, f"'{best.term}' does not tell the material", verdict.others)
            return self._around(query, nothing, best.note, verdict.best.weight, rows)
        return self._answer(name, verdict, hits)

    def _heard(self, query: MaterialQuery, evidence: set[str]) -> tuple[Verdict | None, list[Hit]]:
        """What the words of the name say, typing errors put right."""
        name = query.name or ""
        language = _LANGUAGES.get(query.language[:2].lower(), "") if query.language else ""
        words, slips = self._corrected(_content(name), language)
        verdict, hits = self._read(name, words, evidence, language, slips)
        if verdict is None or (verdict.best.term.family == UNKNOWN and verdict.best.weight <= _WEAK):
            verdict = self._mistyped(words, language) or verdict
        return verdict, hits

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
        return Match(name, material_id, family, calibrated("exact"), f"the name is {reason}", "exact")

    def _corrected(self, words: tuple[str, ...], language: str) -> tuple[tuple[str, ...], frozenset[int]]:
        """The words with the obvious slips put right, and the positions of these."""
        slips: dict[int, str] = {}
        for i, word in enumerate(words):
            if len(word) < SHORTEST_SLIP:
                continue
            if not self._index.is_known(word, language, compounds=len(word) < _LONG_SLIP):
                meant = self._fuzzy.slip(word)
                if meant is not None:
                    slips[i] = meant
        if not slips:
            return words, frozenset()
        return tuple(slips.get(i, word) for i, word in enumerate(words)), frozenset(slips)

    def _read(
        self,
        name: str,
        words: tuple[str, ...],
        evidence: set[str],
        language: str,
        slips: frozenset[int] = frozenset(),
    ) -> tuple[Verdict | None, list[Hit]]:
        hits, components = self._index.search(words, language)
        ignored = ignored_words(hits, words)
        hits += self._index.rule_hits(words, evidence, ignored)
        if slips:
            hits = [mistyped(hit) if slips & set(range(hit.start, hit.end)) else hit for hit in hits]
        hits += self._index.code_hits(name[:_LONGEST], words)
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

    def _around(
        self,
        query: MaterialQuery,
        nothing: Match,
        note: str,
        strength: float,
        rows: tuple[ClassificationCode, ...],
    ) -> Match:
        """For a name that does not tell: its category, codes, looks and type name, in this order.

        A name that says in so many words that it is no material (default, hatch) is asked for its category
        only. A type name speaks for an unspecific insulation and for the only layer of its element.
        """
        texts = [(query.category, "category"), ("", "classification")]
        texts += [(text, "appearance") for text in query.appearance if strength <= _VAGUE]
        for text, label in (*texts, (query.type_name, "type name")):
            if label == "classification" and strength <= _VAGUE:
                found = self._by_material_code(query, rows)
                if found is not None:
                    return found
            if not text:
                continue
            verdict, hits = self._read(text, _content(text), set(), "")
            if verdict is None or verdict.best.term.family in ("", UNKNOWN):
                continue
            best = verdict.best.term
            if label != "type name" and best.kind in ("component", "equipment"):
                continue
            if label == "type name" and not self._type_tells(query, note, strength, best):
                continue
            answer = self._answer(query.name, verdict, hits)
            if answer.material_id is None:
                continue
            reason = f"the name does not tell, its {label} '{text}' does: {answer.reason}"
            return replace(answer, score=calibrated(label), reason=reason, step="evidence")
        return nothing

    def _type_tells(self, query: MaterialQuery, note: str, strength: float, best: MatchTerm) -> bool:
        if "insulation" in note:
            return best.family in _INSULATION
        return query.layer_count == 1 and strength <= _VAGUE and best.kind in _SAYING

    def _by_material_code(self, query: MaterialQuery, rows: tuple[ClassificationCode, ...]) -> Match | None:
        for row in rows:
            material_id = self._material(row.family, row.material_id)
            if row.scope == "material" and material_id is not None:
                reason = f"the name does not tell, its classification does: {row.code} is {row.note}"
                score = calibrated("classification")
                return Match(query.name, material_id, row.family, score, reason, "evidence")
        return None

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
    return calibrated(verdict.best.step, verdict.best.weight, verdict.margin)
