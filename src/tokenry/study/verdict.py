"""Which learnt tokenizer wins, and why, in sentences that a person can check."""

from __future__ import annotations

from typing import Any

from tokenry.results import Json

MENTIONED = 4


def choose_winner(tokenizers: list[Any]) -> str:
    """The learnt tokenizer with the fewest tokens among the lossless ones, else among all."""
    learnt = [each for each in tokenizers if each["kind"] == "learnt"]
    lossless = [each for each in learnt if is_lossless(each)]
    best = min(lossless or learnt, key=lambda each: (each["tokens"], each["name"]))
    name: str = best["name"]
    return name


def is_lossless(tokenizer: Any) -> bool:
    """Whether every held-out document came back byte for byte."""
    share: float = tokenizer["overall"]["lossless"]["value"]
    return share == 1.0


def verdict(tokenizers: list[Any], savings: dict[str, Any], held_bytes: int) -> Json:
    """Name the winner, the reason, and how it stands to the others."""
    name = choose_winner(tokenizers)
    by_name = {each["name"]: each for each in tokenizers}
    winner = by_name[name]
    rivals = [each for each in tokenizers if each["kind"] == "learnt" and each["name"] != name]
    references = [each for each in tokenizers if each["kind"] == "reference"]
    figure = winner["overall"]["bytes_per_token"]["value"]
    summary = (
        f"On {_size(held_bytes)} of text that no learner saw, {name} with "
        f"{winner['vocabulary_size']:,} ids packs {figure:.2f} bytes into a token"
    )
    # a sentence holds a few; the report's table holds all
    named = (rivals + references)[:MENTIONED]
    clauses = [_against(each, savings[each["name"]], winner) for each in named]
    summary += (": " + _listed(clauses) if clauses else "") + "."
    return {
        "name": name,
        "reason": _reason(winner, rivals, savings) + _for_others(winner, rivals),
        "summary": summary,
    }


def _reason(winner: Any, rivals: list[Any], savings: dict[str, Any]) -> str:
    name = winner["name"]
    lossless = "it is lossless on every held-out document"
    if not is_lossless(winner):
        share = winner["overall"]["lossless"]["value"]
        lossless = f"no learnt tokenizer is lossless (it restores {share:.1%} of documents)"
    if not rivals:
        return f"{name} is the only learnt tokenizer; {lossless}."
    worse = [each for each in rivals if savings[each["name"]]["value"] < 0]
    if worse:
        lossy = ", ".join(each["name"] for each in worse)
        return f"{name} wins because {lossy} is not lossless; {lossless}."
    unsure = [each["name"] for each in rivals if not _is_sure(savings[each["name"]])]
    sizes = {each["vocabulary_size"] for each in [winner, *rivals]}
    terms = "at equal vocabulary size" if len(sizes) == 1 else "(vocabulary sizes differ)"
    reason = f"{name} writes the fewest tokens {terms}, and {lossless}"
    if unsure:
        return f"{reason}; its lead over {', '.join(unsure)} is within the sampling error."
    return f"{reason}; its lead holds in the 95% interval over documents."


def _for_others(winner: Any, rivals: list[Any]) -> str:
    """What to take for programs that read tokenizer.json, where that cannot say the winner."""
    if _is_portable(winner):
        return ""
    name = winner["name"]
    text = f" A tokenizer.json cannot say exactly what {name} does"
    portable = [each for each in rivals if _is_portable(each) and is_lossless(each)]
    if not portable:
        return f"{text}, nor any other that was learnt."
    best = min(portable, key=lambda each: (each["tokens"], each["name"]))
    return f"{text}; of those that it can say, {best['name']} writes the fewest tokens."


def _is_portable(tokenizer: Any) -> bool:
    export = tokenizer["export"]
    return bool(export and export["exact"] and "tokenizer.json" in export["paths"])


def _is_sure(saving: Any) -> bool:
    return saving["low"] is not None and saving["low"] > 0


def _against(other: Any, saving: Any, winner: Any) -> str:
    value = saving["value"]
    text = f"{abs(value):.1%} {'fewer' if value >= 0 else 'more'} tokens than {other['name']}"
    notes = []
    if saving["low"] is not None and saving["low"] * saving["high"] <= 0:
        notes.append("within the sampling error")
    if not is_lossless(other):
        notes.append("not lossless")
    if other["vocabulary_size"] != winner["vocabulary_size"]:
        times = other["vocabulary_size"] / winner["vocabulary_size"]
        notes.append(f"{times:.3g} times its vocabulary")
    return f"{text} ({', '.join(notes)})" if notes else text


def _listed(clauses: list[str]) -> str:
    return clauses[0] if len(clauses) == 1 else f"{', '.join(clauses[:-1])} and {clauses[-1]}"


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"
