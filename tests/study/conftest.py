import random
from pathlib import Path

import pytest

TEXT = """
the of and to in a is that for it was on with as by at from this be are or an have not
tokenizer learns pieces bytes merges pairs vocabulary language model reads writes counts
river mountain harbour window garden winter summer yellow purple silver quickly slowly never
"""


def sentence(generator: random.Random) -> str:
    words = TEXT.split()
    chosen = [generator.choice(words) for _ in range(generator.randint(6, 16))]
    return " ".join(chosen).capitalize() + "."


@pytest.fixture(scope="session")
def corpus_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty documents of prose and of code, some with markup and characters of many scripts."""
    generator = random.Random(0)
    folder = tmp_path_factory.mktemp("corpus")
    for domain in ("prose", "code"):
        (folder / domain).mkdir()
    for i in range(30):
        prose = " ".join(sentence(generator) for _ in range(12))
        hostile = "<script>alert('&')</script> 東京 e\u0301 👩‍👩‍👧 \u200b\t|$x_i$\n"
        (folder / "prose" / f"{i}.txt").write_text(f"{prose}\n\n{hostile}{sentence(generator)}\n")
        lines = [
            f"def f{i}_{k}(x):\n    return x + {k * i}  # {sentence(generator)}" for k in range(8)
        ]
        (folder / "code" / f"{i}.py").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture(scope="session")
def parallel_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three languages, four lines each."""
    folder = tmp_path_factory.mktemp("parallel")
    (folder / "eng_Latn.txt").write_text("the cat\na dog\none house\ngood day\n")
    (folder / "deu_Latn.txt").write_text("die Katze\nein Hund\nein Haus\nguten Tag\n")
    (folder / "jpn_Jpan.txt").write_text("猫\n犬\n一軒の家\nこんにちは\n")
    return folder
