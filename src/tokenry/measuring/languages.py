"""Whose ids a vocabulary holds: each id is one, shared evenly by the languages that use it.

Shares of all languages and of the ids that none uses sum to 1, for one vocabulary alone. Where an
id that k languages share adds k to the denominator, as in Qtok 0.11.0 (Chelombitko et al. 2024,
arXiv:2410.12989), shares sum to less, and to the less the more a vocabulary is shared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from tokenry.results import Result


@dataclass(frozen=True, slots=True)
class LanguageMakeUp(Result):
    """Ids by language.

    Attributes:
        credit: of each language: the sum of 1 / k over its ids, where k languages use the id.
        unused: ids that none uses.
        total: the denominator of shares: ids, used or not.
    """

    credit: dict[str, float]
    unused: int
    total: int

    def share(self, language: str) -> float:
        """Share of all ids."""
        return self.credit.get(language, 0.0) / self.total if self.total else 0.0

    def share_of_used(self, language: str) -> float:
        """Share of the ids that any language uses."""
        used = self.total - self.unused
        return self.credit.get(language, 0.0) / used if used else 0.0


def by_language(users: Iterable[Collection[str]]) -> LanguageMakeUp:
    """Make-up of a vocabulary, from the languages that use each of its ids.

    >>> found = by_language([{"en"}, {"en", "fr"}, {"fr", "en"}, set()])
    >>> found.credit, found.unused, found.share("en")
    ({'en': 2.0, 'fr': 1.0}, 1, 0.5)
    """
    credit: dict[str, float] = {}
    unused = total = 0
    for languages in users:
        total += 1
        unused += not languages
        for language in languages:
            credit[language] = credit.get(language, 0.0) + 1 / len(languages)
    ordered = sorted(credit.items(), key=lambda item: (-item[1], item[0]))
    return LanguageMakeUp(dict(ordered), unused, total)
