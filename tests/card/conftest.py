"""Two small tokenizers, a little text, parallel lines and gold words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tokenry.card import Card, CardOptions, measure_card
from tokenry.learning import learn

MANY = "".join(
    f"{word}s\t{word} @@s\t100\n{word}er\t{word} @@er\t010\n"
    for word in (
        "walk",
        "play",
        "read",
        "sing",
        "climb",
        "hunt",
        "paint",
        "print",
        "build",
        "drink",
        "think",
        "plant",
        "roast",
        "twist",
        "count",
        "point",
        "start",
        "print",
        "weld",
        "mend",
        "fold",
        "hold",
        "melt",
        "help",
        "jump",
        "bark",
        "mark",
        "park",
        "talk",
        "milk",
        "lead",
        "load",
    )
)
GOLD = MANY + "walked\twalk @@ed\t100\nplayers\tplay @@er @@s\t110\nunhappy\tun @@happy\t010\n"


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory, prose_text: str, code_text: str) -> Path:
    folder = tmp_path_factory.mktemp("card")
    learn([prose_text[:40_000]], vocab_size=700, special_tokens=("<|end|>",)).save(folder / "first")
    learn([prose_text[:40_000]], vocab_size=1_200, kind="superbpe").save(folder / "<second>")
    (folder / "prose.txt").write_text(prose_text[40_000:90_000], encoding="utf-8")
    (folder / "code").mkdir()
    (folder / "code" / "a.py").write_text(code_text[:30_000], encoding="utf-8")
    parallel = folder / "parallel"
    parallel.mkdir()
    for name, line in (("en", "the cat sat"), ("de", "die Katze saß"), ("ja", "猫が座った")):
        lines = "".join(f"{line} {i}\n" for i in range(20))
        (parallel / f"{name}.txt").write_text(lines, encoding="utf-8")
    (folder / "eng.word.tsv").write_text(GOLD, encoding="utf-8")
    (folder / "words.txt").write_text("the\nof\nstatement\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def options(data: Path) -> CardOptions:
    return CardOptions(
        tokenizers=(str(data / "first"), str(data / "<second>")),
        on=(str(data / "prose.txt"), str(data / "code")),
        parallel=data / "parallel",
        made_for=("en", "de"),
        gold=(data / "eng.word.tsv",),
        words=data / "words.txt",
        price=2.5,
        budget=20_000,
    )


@pytest.fixture(scope="session")
def card(options: CardOptions) -> Card:
    return measure_card(options)
