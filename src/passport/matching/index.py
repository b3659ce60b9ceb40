"""The vocabulary as look-up tables, and the search for its words in a name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from passport.matching.compound import Part, split_compound
from passport.matching.normalise import SKIPPED, TIMES, fold, fold_umlauts, key, stem, tokens
from reference.match_terms import MatchTerm, load_match_codes, load_match_terms

if TYPE_CHECKING:
    from reference.materials import MaterialLibrary

ALIAS = "alias"  # note of the words that come from the library
_IN_COMPOUNDS = frozenset(["head", "modifier", "component", "equipment", "air", "unknown", "look", "neutral"])
# Languages that write compounds in one word; "" holds words of all languages.
_COMPOUNDING = frozenset(["", "nl", "de", "en", "sv", "fi"])
_TOKEN = re.compile(r"[^\W\d_]+|\d+")


@dataclass(frozen=True, slots=True)
class Hit:
    """A word of the vocabulary that was found in a name.

    Attributes:
        term: the word and what it says.
        start: index of its first token.
        end: one past its last token.
        offset: letter at which it starts inside a compound.
        weight: how much it counts against the other hits.
        step: term, code or rule.
        head: false for a part of a compound that is not the last.
    """

    term: MatchTerm
    start: int
    end: int
    offset: int
    weight: float
    step: str
    head: bool = True


def _rule_word(text: str) -> str:
    word = text.strip()
    return word if word.startswith("@") else " ".join(stem(each) for each in _words(word))


def _shortest(kind: str) -> int:
    return 3 if kind == "neutral" else 4


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in tokens(text) if word not in SKIPPED)


def _spellings(term: MatchTerm) -> Iterable[str]:
    text = term.term
    if text.isascii():
        yield text.lower()
        return
    yield fold(text)
    other = fold_umlauts(text)
    if other != fold(text):
        yield other


def _alias_terms(library: MaterialLibrary) -> list[MatchTerm]:
    terms = []
    for material_id in library:
        material = library[material_id]
        specific = "" if material_id == material.family else material_id
        for alias in material.aliases:
            words = _words(alias)
            if not words or any(word.isdigit() for word in words):
                continue
            if len(words) > 1:
                kind, priority = "head", 56
            elif len(words[0]) < 4:
                kind, priority = "abbrev", 48
            else:
                kind, priority = "head", 50
            terms.append(MatchTerm(alias, "", material.family, specific, kind, priority, ALIAS))
    return terms


class TermIndex:
    """Look-up tables over the shipped words and the aliases of a library.

    Args:
        library: gives names and aliases.
        without: keys of words, names and aliases to leave out, for measuring what the others are worth.
    """

    def __init__(self, library: MaterialLibrary, without: Collection[str] = ()) -> None:
        self._without = frozenset(without)
        self.names: dict[str, tuple[str, str]] = {}
        for material_id in library:
            material = library[material_id]
            for language, name in material.names.items():
                self.names.setdefault(key(name), (material_id, f"a name of the library ({language})"))
            for alias in material.aliases:
                self.names.setdefault(key(alias), (material_id, "an alias of the library"))
        self.singles: dict[str, MatchTerm] = {}
        self.by_language: dict[tuple[str, str], MatchTerm] = {}
        self.stems: dict[str, MatchTerm] = {}
        self.prefixes: dict[str, MatchTerm] = {}
        self.parts: dict[str, MatchTerm] = {}
        self.phrases: dict[str, list[tuple[tuple[str, ...], MatchTerm]]] = {}
        self._rules_by_word: dict[str, list[int]] = {}
        self.phrase_words: set[str] = set()
        self._inside: set[str] = set()  # stems of the words of phrases and rules
        self.rules: list[tuple[tuple[dict[str, str], ...], MatchTerm]] = []
        self._codes = [(re.compile(code.pattern), code) for code in load_match_codes()]
        self._compounds: dict[str, tuple[Part[MatchTerm], ...]] = {}
        for name in self._without & self.names.keys():
            del self.names[name]
        for term in load_match_terms():
            if not self._without or key(term.term) not in self._without:
                self._add(term)
        taken = set(self.singles) | set(self.parts)
        phrases = {(words, first) for first, found in self.phrases.items() for words, _ in found}
        for term in _alias_terms(library):
            words = _words(term.term)
            if key(term.term) in self._without:
                continue
            if len(words) == 1 and (words[0] in taken or stem(words[0]) in self.stems):
                continue
            stems = tuple(stem(word) for word in words)
            if len(words) > 1 and (stems, stems[0]) in phrases:
                continue
            self._add(term)
        for found in self.phrases.values():
            found.sort(key=lambda item: -len(item[0]))

    def _add(self, term: MatchTerm) -> None:
        if term.kind == "rule":
            alternatives = []
            for group in term.term.split(" + "):
                alternatives.append({_rule_word(word): word.strip() for word in group.split("/")})
            # a rule can hold only when a word of its smallest group is there
            for word in min(alternatives, key=len):
                self._rules_by_word.setdefault(word, []).append(len(self.rules))
            self.rules.append((tuple(alternatives), term))
            self._inside.update(word for group in alternatives for word in group)
            return
        for spelling in _spellings(term):
            if spelling.endswith("*"):
                self._keep(self.prefixes, spelling[:-1], term)
                continue
            written = [spelling] if spelling.isalpha() else _TOKEN.findall(spelling)
            words = tuple(w for w in written if w not in SKIPPED) or (spelling,)
            if len(words) == 1 and len(words[0]) < 4 and len(written) > 1:
                continue  # only an article and an abbreviation: says too little
            if len(words) > 1:
                stems = tuple(stem(word) for word in words)
                self.phrases.setdefault(stems[0], []).append((stems, term))
                self.phrase_words.update(words)
                self._inside.update(stems)
                joined = "".join(words)
                if term.kind in _IN_COMPOUNDS and len(joined) >= 7 and joined.isalpha():
                    self.singles.setdefault(joined, term)
                    if term.language in _COMPOUNDING:
                        self.parts.setdefault(joined, term)
                continue
            word = words[0]
            self._keep(self.singles, word, term)
            if term.language:
                self.by_language[word, term.language] = term
            if len(word) >= 5:
                self._keep(self.stems, stem(word), term)
            if (
                term.language in _COMPOUNDING
                and term.kind in _IN_COMPOUNDS
                and len(word) >= _shortest(term.kind)
            ):
                self._keep(self.parts, word, term)

    @staticmethod
    def _keep(table: dict[str, MatchTerm], word: str, term: MatchTerm) -> None:
        known = table.get(word)
        if known is None or known.priority < term.priority:
            table[word] = term

    def word(self, token: str, language: str) -> MatchTerm | None:
        """What one whole word says: as it stands, by its stem, or by its beginning."""
        if language and (term := self.by_language.get((token, language))):
            return term
        term = self.singles.get(token) or self.stems.get(stem(token))
        if term is None and len(token) > 4:
            for size in range(len(token), 3, -1):
                if term := self.prefixes.get(token[:size]):
                    return term
        return term

    def is_known(self, token: str, language: str, compounds: bool = True) -> bool:
        """Whether a word, or with `compounds` the parts that fill it, is in the vocabulary."""
        if stem(token) in self._inside or self.word(token, language) is not None:
            return True
        parts = self.compound(token) if compounds else ()
        return bool(parts) and all(part.sure for part in parts) and parts[0].start == 0

    def compound(self, token: str) -> tuple[Part[MatchTerm], ...]:
        """Known parts of a word, kept for the next time."""
        parts = self._compounds.get(token)
        if parts is None:
            if len(self._compounds) > 200_000:
                self._compounds.clear()
            parts = self._compounds[token] = split_compound(token, self.parts)
        return parts

    def search(self, words: Sequence[str], language: str) -> tuple[list[Hit], list[Hit]]:
        """All hits in the words of a name without those inside longer ones; and all door and window words."""
        hits: list[Hit] = []
        for i, token in enumerate(words):
            for stems, term in self.phrases.get(stem(token), ()):
                end = i + len(stems)
                if end <= len(words) and all(stem(words[i + k]) == stems[k] for k in range(1, len(stems))):
                    hits.append(Hit(term, i, end, 0, term.priority, "term"))
            if token.isdigit():
                continue
            if i + 1 < len(words) and len(token) + len(words[i + 1]) >= 7 and words[i + 1].isalpha():
                joined = self.singles.get(token + words[i + 1])
                if joined is not None and joined.kind != "neutral":
                    hits.append(Hit(joined, i, i + 2, 0, joined.priority, "term"))
            single = self.word(token, language)
            if single is not None:
                hits.append(Hit(single, i, i + 1, 0, single.priority, "term"))
                continue
            hits.extend(self._compound_hits(token, i))
        components = [hit for hit in hits if hit.term.kind == "component"]
        return _without_contained(hits), components

    def _compound_hits(self, token: str, i: int) -> list[Hit]:
        parts = self.compound(token)
        heads = [part for part in parts if part.value.family]
        hits = []
        for part in parts:
            term = part.value
            later = any(other.start > part.start for other in heads)
            look = any(other.start >= part.end and other.value.kind == "look" for other in parts)
            if look or term.kind == "look":
                continue
            weight = term.priority - (12 if later else 0 if part.sure else 6)
            hits.append(Hit(term, i, i + 1, part.start, weight, "term", not later))
        return hits

    def stems_of(self, words: Sequence[str]) -> set[str]:
        """Stems of all words and of the parts of compounds, for the rules."""
        found = {stem(word) for word in words}
        for word in words:
            if len(word) >= 6:
                parts = self.compound(word)
                looks = [part.start for part in parts if part.value.kind == "look"]
                if looks:
                    found.discard(stem(word))
                last = max(looks, default=-1)
                found.update(stem(word[part.start : part.end]) for part in parts if part.start > last)
        found.update(" ".join(pair) for pair in zip(map(stem, words), map(stem, words[1:]), strict=False))
        return found

    def rule_hits(self, words: Sequence[str], evidence: set[str], ignored: Collection[int]) -> list[Hit]:
        """Rules whose words are all there; words at the ignored positions do not count."""
        found = self.stems_of([word for i, word in enumerate(words) if i not in ignored]) | evidence
        hits = []
        for number in sorted({number for word in found for number in self._rules_by_word.get(word, ())}):
            groups, term = self.rules[number]
            if any(group.keys().isdisjoint(found) for group in groups):
                continue
            matched = [group[min(group.keys() & found)] for group in groups]
            hits.append(Hit(replace(term, term=" + ".join(matched)), 0, len(words), 0, term.priority, "rule"))
        return hits

    def code_hits(self, name: str, words: Sequence[str]) -> list[Hit]:
        """Codes such as strength classes in the name."""
        text = TIMES.sub(" ", unicodedata.normalize("NFC", name).upper().replace("_", " "))
        hits = []
        for pattern, code in self._codes:
            found = pattern.search(text)
            if found:
                matched = found.group().strip()
                note = code.note or "code"
                shown = matched if len(matched) <= 16 else code.example
                term = MatchTerm(shown, "", code.family, code.material_id, "code", code.priority, note)
                start = min(len(_words(text[: found.start()])), max(len(words) - 1, 0))
                hits.append(Hit(term, start, len(words), found.start(), code.priority, "code"))
        return hits


def _without_contained(hits: list[Hit]) -> list[Hit]:
    wide = [hit for hit in hits if hit.end - hit.start > 1]
    if not wide:
        return hits
    kept = []
    for hit in hits:
        if hit.term.kind == "look":
            kept.append(hit)
            continue
        size = hit.end - hit.start
        inside = any(
            other.start <= hit.start and hit.end <= other.end and other.end - other.start > size
            for other in wide
        )
        if not inside:
            kept.append(hit)
    return kept


def lowered(hit: Hit, by: float) -> Hit:
    """The hit with less weight."""
    return replace(hit, weight=hit.weight - by)


def mistyped(hit: Hit) -> Hit:
    """The hit as one that stands on a word put right."""
    return replace(hit, weight=hit.weight - 3, step="rule" if hit.step == "rule" else "fuzzy")
