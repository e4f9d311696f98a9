"""The difference of two tokenizers as a page."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from tokenry.drawing.blocks import document, note, row, section, size_text, table
from tokenry.drawing.canvas import GRID, INK, canvas, clip, color_of, svg
from tokenry.drawing.tokens import marked

Content = dict[str, Any]


def render(content: Content) -> str:
    """The whole page. Every text from data or file names is escaped."""
    first, second = names_of(content)
    parts = [
        _header(content),
        _changes("By domain", "domain", content["domains"], content),
        _changes("By language", "language", content["languages"], content),
        _words(content),
        _ids(content),
        _method(content),
    ]
    return document(f"{first} and {second}", "\n".join(part for part in parts if part))


def _header(content: Content) -> str:
    first, second = map(escape, names_of(content))
    total, ids = content["total"], content["ids"]
    tiles = [
        (f"{total['change']:+.1%}", "tokens for the same text"),
        (f"{ids['shared']:,}", f"ids stand for the same, {ids['same_id']:,} under the same number"),
        (f"{_share(content['words'])}", "of words are cut otherwise"),
    ]
    if content["cost"] is not None:
        sign = content["options"]["currency"]
        cost = content["cost"]
        text = f"{sign}{cost['first']:.3f} → {sign}{cost['second']:.3f} for a million bytes"
        tiles.append((f"{cost['change']:+.1%}", text))
    drawn = "".join(
        f'<div class="tile"><b>{escape(value)}</b><span>{escape(text)}</span></div>'
        for value, text in tiles
    )
    return (
        f'<header><p class="kicker">Difference · {content["created"][:10]}</p>'
        f"<h1><em>{second}</em> in the place of {first}</h1>"
        f'<div class="tiles">{drawn}</div></header>'
    )


def _share(words: Content) -> str:
    return f"{words['changed_occurrences'] / max(1, words['occurrences']):.1%}"


def _changes(title: str, kind: str, parts: Mapping[str, Any] | None, content: Content) -> str:
    if not parts:
        return ""
    first, second = names_of(content)
    rows = [
        row(name, [f"{part['first']:,}", f"{part['second']:,}", _change(part)])
        for name, part in parts.items()
    ]
    return section(
        title,
        f"<figure>{change_plot(kind, parts)}</figure>",
        table([kind, f"tokens of {first}", f"tokens of {second}", "change"], rows),
    )


def _change(part: Content) -> str:
    if part["low"] is None:
        return f"{part['change']:+.1%}"
    return f"{part['change']:+.1%} ({part['low']:+.1%} to {part['high']:+.1%})"


def change_plot(kind: str, parts: Mapping[str, Any]) -> str:
    """More or fewer tokens: one bar a part, with its interval."""
    figure, axes = canvas(0.7 + 0.22 * len(parts))
    for place, part in enumerate(parts.values()):
        color = color_of(1 if part["change"] <= 0 else 0)
        axes.barh([place], [part["change"]], color=color, alpha=0.55, height=0.7)
        if part["low"] is not None:
            axes.plot([part["low"], part["high"]], [place, place], color=INK, linewidth=1)
    axes.axvline(0, color=INK, linewidth=1)
    axes.set_yticks(range(len(parts)), labels=[clip(name) for name in parts], fontsize=8.5)
    axes.set_ylim(len(parts) - 0.4, -0.6)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:+.0%}")
    axes.set_xlabel("tokens more or fewer")
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    return svg(figure, f"change-{kind}", f"Change of tokens by {kind}")


def _words(content: Content) -> str:
    first, second = names_of(content)
    words = content["words"]
    rows = [
        f'<tr><th scope="row"><code>{marked(each["word"])}</code></th>'
        f"<td>{each['count']:,}</td><td><code>{marked(each['first'])}</code></td>"
        f"<td><code>{marked(each['second'])}</code></td></tr>"
        for each in words["examples"]
    ]
    return section(
        "Words that are cut otherwise",
        note(
            f"{words['changed_types']:,} of {words['types']:,} distinct words, "
            f"{words['changed_occurrences']:,} of {words['occurrences']:,} occurrences. Each is "
            "shown as it is cut most often where the two differ; words are cut in their contexts."
        ),
        table(["word", "occurrences", first, second], rows),
    )


def _ids(content: Content) -> str:
    first, second = names_of(content)
    ids = content["ids"]
    rows = [
        row(first, [f"{ids['shared']:,}", f"{ids['same_id']:,}", f"{ids['only_first']:,}"]),
        row(second, [f"{ids['shared']:,}", f"{ids['same_id']:,}", f"{ids['only_second']:,}"]),
    ]
    lists = "".join(
        f"<dt>only {escape(name)}</dt><dd>"
        + " ".join(f"<code>{marked(piece[:60])}</code>" for piece in ids[key])
        + "</dd>"
        for name, key in ((first, "examples_only_first"), (second, "examples_only_second"))
    )
    return section(
        "Ids",
        table(["tokenizer", "ids in both", "under the same number", "only here"], rows),
        f"<details><summary>pieces that only one has</summary><dl>{lists}</dl></details>",
        note("Pieces are compared by their bytes, however the files spell them."),
    )


def _method(content: Content) -> str:
    rows = [
        ("data", ", ".join(content["data"]["source"])),
        ("bytes", size_text(content["data"]["bytes"])),
        ("data fingerprint", content["data"]["fingerprint"]),
        *((each["name"], each["fingerprint"]) for each in content["tokenizers"]),
    ]
    drawn = "".join(f"<dt>{escape(key)}</dt><dd>{escape(text)}</dd>" for key, text in rows)
    return section("How this was measured", f"<dl>{drawn}</dl>")


def names_of(content: Content) -> list[str]:
    """Names of the two."""
    return [each["name"] for each in content["tokenizers"]]
