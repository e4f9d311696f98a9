from __future__ import annotations

import pytest

from tokenry.corpus.selection.rules import RULES, RuleScorer

PROSE = (
    "The house stood on a hill, and the road to it was long. "
    "People that live with the wind have stories to tell of it, and they tell them well. "
) * 1 + " ".join(f"In room {n} there was a chair of another kind." for n in range(9))
BROKEN = {
    "length": "Too short to be of the use that we have.",
    "word length": "a b c d e f g h " * 12 + PROSE[:60],
    "symbols": PROSE + " #tag" * 60,
    "bullets": "\n".join(f"- point {n} of the list that we have to be" for n in range(12)),
    "ellipses": "\n".join(f"and then the story number {n} would have ..." for n in range(12)),
    "letters": " ".join(f"{n} 12,3 {n + 1} the" for n in range(40)) + " of",
    "stop words": "wörter ohne englische kleine teile " * 20,
    "new lines": "The same line of the text that is here.\n" * 9 + PROSE,
    "new pairs": PROSE + " subscribe-button press-it-now" * 30,
    "ends": "\n".join(f"menu of the item {n} that has no end" for n in range(20)),
    "no filler": PROSE + " Lorem ipsum dolor sit amet.",
}


def test_good_prose_keeps_all() -> None:
    kept = RuleScorer().kept([PROSE.encode()])[0]
    assert dict(zip(RULES, kept.tolist(), strict=True)) == dict.fromkeys(RULES, True)
    assert RuleScorer().score([PROSE.encode()])[0] == 1.0


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_is_broken_by_its_text(rule: str) -> None:
    assert not RuleScorer((rule,)).kept([BROKEN[rule].encode()])[0, 0]
