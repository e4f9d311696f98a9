"""Which form of a suffix stands where, counted in words that have been cut.

Vowels are found by Sukhotin's algorithm (Sukhotin 1962; Guy 1991, "Vowel identification: an old but
good algorithm", Cryptologia 15(3)): vowels and consonants alternate more often than not. All
letters begin as consonants. In turn the letter with the largest sum of neighbours becomes a vowel,
and its neighbours lose what they had of it, until no sum is positive. It errs now and then (in
English prose it takes g for a vowel), which costs residuals and nothing else.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise

from tokenry.text.segmenters.allomorphs import Allomorphs

Seen = dict[tuple[int, str, str], Counter[int]]


def find_vowels(words: Iterable[str]) -> str:
    """Letters that are vowels, the most frequent in company first.

    >>> find_vowels(["banana", "kitabi", "sonu", "tuna", "mobilo"])
    'aiou'
    """
    beside: dict[str, Counter[str]] = defaultdict(Counter)
    for word in words:
        for left, right in pairwise(word):
            if left != right:
                beside[left][right] += 1
                beside[right][left] += 1
    sums = {letter: sum(near.values()) for letter, near in sorted(beside.items())}
    vowels = ""
    while sums:
        letter = max(sums, key=lambda each: sums[each])
        if sums.pop(letter) <= 0:
            break
        vowels += letter
        for other in sums:
            sums[other] -= 2 * beside[letter][other]
    return vowels


def learn_choices(
    groups: tuple[tuple[str, ...], ...],
    words: Mapping[str, int],
    analyses: Mapping[str, list[int]],
    fold: Mapping[str, str],
) -> Allomorphs:
    """The rule that predicts the forms of ``groups``.

    Args:
        groups: forms by suffix, no form in two of them.
        words: in folded letters, and how often each occurs.
        analyses: where the morphs of each word begin.
        fold: see `Allomorphs`.
    """
    empty = Allomorphs(groups, find_vowels(words), {}, fold)
    exact = _count_forms(empty, words, analyses)
    ordered = tuple(_by_frequency(forms, group, exact) for group, forms in enumerate(groups))
    sorted_groups = Allomorphs(ordered, empty.vowels, {}, fold)
    exact = _count_forms(sorted_groups, words, analyses)
    return Allomorphs(ordered, empty.vowels, _choices(exact), fold)


def _count_forms(
    allomorphs: Allomorphs, words: Mapping[str, int], analyses: Mapping[str, list[int]]
) -> Seen:
    seen: Seen = defaultdict(Counter)
    for word, count in words.items():
        for begin, end in pairwise([*analyses[word], len(word)]):
            found = allomorphs.find(word[begin:end]) if begin else None
            # A word stands alone in folded form: what is before it is no letter.
            context = allomorphs.context(f" {word[:begin]}")
            if found is not None and context is not None:
                seen[(found[0], *context)][found[1]] += count
    return seen


def _by_frequency(forms: tuple[str, ...], group: int, seen: Seen) -> tuple[str, ...]:
    total: Counter[int] = Counter()
    for (each, _, _), counts in seen.items():
        if each == group:
            total.update(counts)
    return tuple(forms[number] for number in sorted(range(len(forms)), key=lambda n: -total[n]))


def _choices(seen: Seen) -> dict[tuple[int, str, str], int]:
    """The most frequent form by last vowel, and by last letter too where that differs."""
    by_vowel: Seen = defaultdict(Counter)
    for (group, vowel, _), counts in seen.items():
        by_vowel[group, vowel, ""].update(counts)
    usual = {key: _most(counts) for key, counts in by_vowel.items()}
    choices = {key: form for key, form in usual.items() if form}
    for (group, vowel, last), counts in seen.items():
        if _most(counts) != usual[group, vowel, ""]:
            choices[group, vowel, last] = _most(counts)
    return dict(sorted(choices.items()))


def _most(counts: Counter[int]) -> int:
    return min(counts, key=lambda form: (-counts[form], form))
