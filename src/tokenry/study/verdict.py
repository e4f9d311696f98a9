"""Which learnt tokenizer wins, and why, in sentences that a person can check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tokenry.study.content import Saving, StudiedTokenizer, Verdict

MENTIONED = 4


def choose_winner(tokenizers: Sequence[StudiedTokenizer]) -> str:
    """The learnt tokenizer with the fewest tokens among the lossless ones, else among all.

    Where none was learnt, the published one.
    """
    learnt = [each for each in tokenizers if each.is_learnt] or tokenizers
    lossless = [each for each in learnt if each.restores]
    return min(lossless or learnt, key=lambda each: (each.tokens, each.name)).name


def verdict(
    tokenizers: Sequence[StudiedTokenizer], savings: Mapping[str, Saving], held_bytes: int
) -> Verdict:
    """Name the winner, the reason, and how it stands to the others."""
    name = choose_winner(tokenizers)
    winner = next(each for each in tokenizers if each.name == name)
    rivals = [each for each in tokenizers if each.is_learnt and each is not winner]
    references = [each for each in tokenizers if not each.is_learnt and each is not winner]
    figure = winner.overall["bytes_per_token"].value
    unseen = " that no learner saw" if winner.is_learnt else ""
    summary = (
        f"On {_size(held_bytes)} of text{unseen}, {name} with "
        f"{winner.vocabulary_size:,} ids packs {figure:.2f} bytes into a token"
    )
    # a sentence holds a few; the report's table holds all
    named = (rivals + references)[:MENTIONED]
    clauses = [_against(each, savings[each.name], winner) for each in named]
    summary += (": " + _listed(clauses) if clauses else "") + "."
    reason = _reason(winner, rivals, savings) + _for_others(winner, rivals)
    return Verdict(name, reason, summary, dict(savings))


def _reason(
    winner: StudiedTokenizer, rivals: Sequence[StudiedTokenizer], savings: Mapping[str, Saving]
) -> str:
    name = winner.name
    if not winner.is_learnt:
        return f"none was learnt; of the published ones, {name} writes the fewest tokens."
    lossless = "it is lossless on every held-out document"
    if not winner.restores:
        share = winner.overall["lossless"].value
        lossless = f"no learnt tokenizer is lossless (it restores {share:.1%} of documents)"
    if not rivals:
        return f"{name} is the only learnt tokenizer; {lossless}."
    worse = [each for each in rivals if savings[each.name].value < 0]
    if worse:
        lossy = ", ".join(each.name for each in worse)
        return f"{name} wins because {lossy} is not lossless; {lossless}."
    unsure = [each.name for each in rivals if not _is_sure(savings[each.name])]
    sizes = {each.vocabulary_size for each in [winner, *rivals]}
    terms = "at equal vocabulary size" if len(sizes) == 1 else "(vocabulary sizes differ)"
    reason = f"{name} writes the fewest tokens {terms}, and {lossless}"
    if unsure:
        return f"{reason}; its lead over {', '.join(unsure)} is within the sampling error."
    return f"{reason}; its lead holds in the 95% interval over documents."


def _for_others(winner: StudiedTokenizer, rivals: Sequence[StudiedTokenizer]) -> str:
    """What to take for programs that read tokenizer.json, where that cannot say the winner."""
    if not winner.is_learnt or _is_portable(winner):
        return ""
    name = winner.name
    text = f" A tokenizer.json cannot say exactly what {name} does"
    portable = [each for each in rivals if _is_portable(each) and each.restores]
    if not portable:
        return f"{text}, nor any other that was learnt."
    best = min(portable, key=lambda each: (each.tokens, each.name))
    return f"{text}; of those that it can say, {best.name} writes the fewest tokens."


def _is_portable(tokenizer: StudiedTokenizer) -> bool:
    export = tokenizer.export
    return export is not None and export.exact and Path("tokenizer.json") in export.paths


def _is_sure(saving: Saving) -> bool:
    return saving.low is not None and saving.low > 0


def _against(other: StudiedTokenizer, saving: Saving, winner: StudiedTokenizer) -> str:
    value = saving.value
    text = f"{abs(value):.1%} {'fewer' if value >= 0 else 'more'} tokens than {other.name}"
    notes = []
    if saving.low is not None and saving.high is not None and saving.low * saving.high <= 0:
        notes.append("within the sampling error")
    if not other.restores:
        notes.append("not lossless")
    if other.vocabulary_size != winner.vocabulary_size:
        times = other.vocabulary_size / winner.vocabulary_size
        notes.append(f"{times:.3g} times its vocabulary")
    return f"{text} ({', '.join(notes)})" if notes else text


def _listed(clauses: list[str]) -> str:
    return clauses[0] if len(clauses) == 1 else f"{', '.join(clauses[:-1])} and {clauses[-1]}"


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"
