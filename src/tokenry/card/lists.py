"""Sections of a card that are lists and tables: odd ids, morphemes, numbers, small changes."""

from __future__ import annotations

from html import escape
from typing import Any

from tokenry.drawing.blocks import interval_cell, note, row, section, swatch, table
from tokenry.drawing.tokens import marked

Content = dict[str, Any]
EXAMPLES = 20


def information(content: Content) -> str:
    """Entropies; nothing where the text was too short."""
    if any(each["information"] is None for each in content["tokenizers"]):
        return ""
    heads = ["tokenizer", "unigram entropy, bits", "of log₂ of all ids", "bits a byte, no context"]
    heads += ["one id before", "two ids before"]
    rows = []
    for i, each in enumerate(content["tokenizers"]):
        found = each["information"]
        cells = [f"{found['unigram']:.3f}", f"{found['capacity']:.1%}"]
        cells += [f"{found['held_out'][order]['bits_a_byte']:.3f}" for order in ("0", "1", "2")]
        rows.append(row(each["name"], cells, position=i))
    return section(
        "Information",
        table(heads, rows),
        note(
            "Bits for a byte of every second document under counts of the others, with none, one "
            "or two ids before (Witten-Bell). Bits a token do not compare; bits a byte do. Counted "
            "entropies of longer contexts are left out: on so little text they are sample size, "
            "not language."
        ),
    )


def findings(content: Content) -> str:
    """Ids that no text produces, parts of characters, junk."""
    heads = ["tokenizer", "never produced", "cut by the splitter", "parts of characters"]
    heads += ["holes", "never seen here"]
    rows, lists = [], []
    for i, each in enumerate(content["tokenizers"]):
        found = each["reachability"]
        keys = ("unproduced", "cut", "partial_utf8", "holes")
        cells = [*(f"{found[key]:,}" for key in keys), f"{each['usage']['dead']:,}"]
        rows.append(row(each["name"], cells, position=i))
        lists.append(_odd(each))
    return section(
        "Ids to look at",
        table(heads, rows),
        note(
            "Never produced: no text becomes the id, since merging gives other ids of its bytes. "
            "Parts of characters are in use, but a model that writes one alone writes broken text. "
            "Suspicious pieces are long without a space, or one character again and again."
        ),
        *lists,
    )


def _odd(each: Content) -> str:
    found = each["reachability"]
    rows = [
        ("never produced", [item["piece"] for item in found["examples"]["unproduced"]]),
        ("cut by the splitter", [item["piece"] for item in found["examples"]["cut"]]),
        ("never seen here", [item["piece"] for item in each["usage"]["dead_examples"]]),
        ("suspicious", found["suspicious"]),
    ]
    drawn = "".join(
        f"<dt>{escape(name)}</dt><dd>{' '.join(map(_piece, pieces[:EXAMPLES]))}</dd>"
        for name, pieces in rows
        if pieces
    )
    if not drawn:
        return ""
    return f"<details><summary>{escape(each['name'])}: examples</summary><dl>{drawn}</dl></details>"


def _piece(text: str) -> str:
    return f"<code>{marked(text[:60])}{'…' if len(text) > 60 else ''}</code>"


def morphology(content: Content) -> str:
    """Boundaries against gold morphemes; nothing without gold."""
    sets = list(content["tokenizers"][0]["morphology"])
    if not sets:
        return ""
    heads = ["tokenizer", "precision", "recall", "F1", "tokens a word", "wholly right"]
    heads += ["MorphScore", "words", "dropped"]
    parts = [_gold_table(content, name, heads) for name in sets]
    return section(
        "Morphemes",
        *parts,
        note(
            "Boundaries of tokens against boundaries of gold morphemes, over all words together, "
            "each word after a space. Gold that cannot be aligned to the word is dropped and "
            "counted. MorphScore is recall only and rewards cutting everywhere."
        ),
    )


def _gold_table(content: Content, name: str, heads: list[str]) -> str:
    """A table for one gold file, its processes, and the words that are cut worst."""
    found = [each["morphology"][name] for each in content["tokenizers"]]
    names = [each["name"] for each in content["tokenizers"]]
    rows = [_gold_row(i, each, names[i]) for i, each in enumerate(found)]
    kinds = [
        row(f"{names[i]}: {kind}", _rates(scores))
        for kind in found[0]["kinds"]
        for i, scores in enumerate(each["kinds"][kind] for each in found)
    ]
    process = ["by process", "precision", "recall", "F1", "tokens a word", "words"]
    by_kind = f"<details><summary>by process</summary>{table(process, kinds)}</details>"
    worst = "".join(
        f"<li><code>{marked(item['cut'])}</code> should be <code>{marked(item['gold'])}</code></li>"
        for item in found[0]["worst"]
    )
    return (
        f"<h3>{escape(name)}</h3>{table(heads, rows)}{by_kind if kinds else ''}"
        f"<details><summary>words that {escape(names[0])} cuts worst</summary><ol>{worst}</ol>"
        "</details>"
    )


def _gold_row(position: int, found: Content, name: str) -> str:
    rates = "".join(interval_cell(found[key], 3, False) for key in ("precision", "recall", "f1"))
    cells = (
        f"{found['tokens'] / found['words']:.2f}",
        f"{found['perfect'] / found['words']:.1%}",
        f"{found['morphscore']:.3f}",
        f"{found['words']:,}",
        f"{found['dropped']:,}",
    )
    drawn = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr><th scope="row">{swatch(position)}{escape(name)}</th>{rates}{drawn}</tr>'


def _rates(found: Content) -> list[str]:
    rates = [f"{found[key]['value']:.3f}" for key in ("precision", "recall", "f1")]
    return [*rates, f"{found['tokens'] / found['words']:.2f}", f"{found['words']:,}"]


def lexicon(content: Content) -> str:
    """Tokens that are words or morphemes of a lexicon; nothing without one."""
    if content["tokenizers"][0]["lexicon"] is None:
        return ""
    heads = ["tokenizer", "words, by type", "by occurrence", "pure, by type", "by occurrence"]
    heads += ["single letters"]
    keys = ("words_by_type", "words_by_token", "pure_by_type", "pure_by_token")
    rows = []
    for i, each in enumerate(content["tokenizers"]):
        found = each["lexicon"]
        cells = [f"{found[key]:.1%}" for key in keys]
        cells.append(f"{found['letters'] / max(1, found['tokens']):.1%}")
        rows.append(row(each["name"], cells, position=i))
    return section(
        "Words and morphemes of the lexicon",
        table(heads, rows),
        note(
            "Share of the tokens that are words of the lexicon (%TR), or exactly a root or an "
            "affix (%Pure): Bayram et al. 2025, arXiv:2502.07057. Tokens without a letter are left "
            "out; single letters are easily roots."
        ),
    )


def numbers(content: Content) -> str:
    """What is done to numbers."""
    first = content["tokenizers"][0]["numbers"]
    heads = ["tokenizer", *(f"{name} in one token" for name in first["single"])]
    heads += ["7 digits", "tokens of 12 digits", "one number, one cut", "places line up"]
    rows, examples = [], []
    for i, each in enumerate(content["tokenizers"]):
        found = each["numbers"]
        cells = [f"{value:.0%}" for value in found["single"].values()]
        cells += [found["patterns"]["7"], f"{found['tokens']['12']:.1f}"]
        cells += [f"{found['consistent']:.0%}", f"{found['aligned']:.0%}"]
        rows.append(row(each["name"], cells, position=i))
        examples.append(f"<dt>{escape(each['name'])}</dt><dd>{escape(found['examples'][0])}</dd>")
    return section(
        "Numbers",
        table(heads, rows),
        f"<dl>{''.join(examples)}</dl>",
        note(
            "Places line up where both addends and the sum of an addition are cut at the same "
            f"places counted from the right; {first['sampled']} additions, drawn by the seed."
        ),
    )


def sensitivity(content: Content) -> str:
    """What small changes of a text do."""
    first = content["tokenizers"][0]["sensitivity"]["changes"]
    heads = ["tokenizer", *first, "stable beginnings", "unsettled ids", "boundaries kept, OCR"]
    rows = []
    for i, each in enumerate(content["tokenizers"]):
        found = each["sensitivity"]
        cells = [f"{change['distance']:.1%}" for change in found["changes"].values()]
        cells += [f"{found['prefixes']['stable']:.0%}", f"{found['prefixes']['unsettled']:.2f}"]
        ocr = found["ocr"]
        cells.append("–" if ocr is None else f"{ocr['kept']:.1%}")
        rows.append(row(each["name"], cells, position=i))
    rows.append(row("characters that change", [f"{c['characters']:.1%}" for c in first.values()]))
    return section(
        "Small changes",
        table(heads, rows),
        note(
            "Edit distance of the ids over the ids of the unchanged lines: typos in one word of "
            "ten, one space in ten doubled or lost, one Latin letter in twenty replaced by its "
            "Cyrillic twin. Stable beginnings: a part of a line has the ids that the whole line "
            "begins with. Boundaries kept: those of the clean text that are there in a text with "
            "two wrong characters in a hundred, as character recognition makes them."
        ),
    )
