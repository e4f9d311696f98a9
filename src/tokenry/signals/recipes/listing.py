"""The table of recipes, read from them: slots, and figures beside those published."""

from __future__ import annotations

from typing import Any, Literal

from tokenry.drawing.tables import markdown_table
from tokenry.signals.assembly import Assembly
from tokenry.signals.recipe import SignalRecipe, row_of
from tokenry.signals.recipes.registry import RECIPES


def recipe_rows() -> list[dict[str, Any]]:
    """Of each recipe: name, source, systems, and for both sizes what fills its slots."""
    return [
        {
            "recipe": name,
            "summary": entry.summary,
            "source": entry.source,
            "systems": list(entry.systems),
            "published": vars(recipe.published),
            "sizes": {"laptop": _figures(recipe, "laptop"), "paper": _figures(recipe, "paper")},
        }
        for name, entry in RECIPES.items()
        for recipe in [entry.load()]
    ]


def _figures(recipe: SignalRecipe, size: Literal["laptop", "paper"]) -> dict[str, Any]:
    made = recipe.assembly(size)
    return {
        **row_of(made), "tokens": made.tokens, "bits": made.bits, "parameters": parameters_of(made)
    }  # fmt: skip


def parameters_of(assembly: Assembly) -> int:
    """Weights of the network, counted without memory for them."""
    return sum(each.numel() for each in assembly.build(device="meta").parameters())


def recipe_table(rows: list[dict[str, Any]]) -> str:
    """The same as Markdown, two rows a recipe; published figures stand behind a slash."""
    slots = ["input", "base", "partition", "trunk", "resampler", "layout", "bottleneck", "levels",
             "length", "decoder", "conditions", "perturber", "objectives", "teacher",
             "stages"]  # fmt: skip
    lines = []
    for row in rows:
        for size, made in row["sizes"].items():
            said = row["published"] if size == "paper" else {}
            figures = [_beside(made[each], said.get(each)) for each in _FIGURES]
            lines.append([row["recipe"], size, *(made[slot] for slot in slots), *figures])
    heads = ["recipe", "size", *slots, *_FIGURES]
    notes = [f"{row['recipe']}: {row['source']}; {row['published']['where']}" for row in rows]
    return markdown_table(heads, lines) + "\n" + "\n".join(notes) + "\n"


_FIGURES = ("tokens", "bits", "parameters")


def _beside(ours: float, said: float | None) -> str:
    return f"{ours:,.0f}" if said is None else f"{ours:,.0f} / {said:,.0f}"
