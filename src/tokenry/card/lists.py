"""Sections of a card that are lists and tables: odd ids, morphemes, numbers, small changes."""

from __future__ import annotations

from html import escape
from typing import Any

from tokenry.drawing.blocks import interval_cell, note, row, section, swatch, table
from tokenry.drawing.tokens import marked

Content = dict[str, Any]
EXAMPLES = 20


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
    parts = []
    for name in sets:
        rows = []
        for i, each in enumerate(content["tokenizers"]):
            found = each["morphology"][name]
            rates = "".join(
                interval_cell(found[key], 3, False) for key in ("precision", "recall", "f1")
            )
            cells = (
                f"{found['tokens'] / found['words']:.2f}",
                f"{found['perfect'] / found['words']:.1%}",
                f"{found['morphscore']:.3f}",
                f"{found['words']:,}",
                f"{found['dropped']:,}",
            )
            drawn = "".join(f"<td>{cell}</td>" for cell in cells)
            head = f'<th scope="row">{swatch(i)}{escape(each["name"])}</th>'
            rows.append(f"<tr>{head}{rates}{drawn}</tr>")
        worst = "".join(
            f"<li><code>{marked(item['cut'])}</code> should be "
            f"<code>{marked(item['gold'])}</code></li>"
            for item in content["tokenizers"][0]["morphology"][name]["worst"]
        )
        first = escape(content["tokenizers"][0]["name"])
        parts.append(
            f"<h3>{escape(name)}</h3>{table(heads, rows)}"
            f"<details><summary>words that {first} cuts worst</summary><ol>{worst}</ol></details>"
        )
    return section(
        "Morphemes",
        *parts,
        note(
            "Boundaries of tokens against boundaries of gold morphemes, over all words together, "
            "each word after a space. Gold that cannot be aligned to the word is dropped and "
            "counted. MorphScore is recall only and rewards cutting everywhere."
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
    heads = ["tokenizer", *first, "stable beginnings", "unsettled ids"]
    rows = []
    for i, each in enumerate(content["tokenizers"]):
        found = each["sensitivity"]
        cells = [f"{change['distance']:.1%}" for change in found["changes"].values()]
        cells += [f"{found['prefixes']['stable']:.0%}", f"{found['prefixes']['unsettled']:.2f}"]
        rows.append(row(each["name"], cells, position=i))
    rows.append(row("characters that change", [f"{c['characters']:.1%}" for c in first.values()]))
    return section(
        "Small changes",
        table(heads, rows),
        note(
            "Edit distance of the ids over the ids of the unchanged lines: typos in one word of "
            "ten, one space in ten doubled or lost, one Latin letter in twenty replaced by its "
            "Cyrillic twin. Stable beginnings: a part of a line has the ids that the whole line "
            "begins with."
        ),
    )
