"""A transplant's cost and certificate: `python -m benchmarks.transplant MODEL TOKENIZER...`.

For each tokenizer the model is written once, in a process of its own: CPU seconds, peak memory
beside the bound of 1.3 times both matrices and the largest shard, and the certificate.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.child import call
from tokenry.tokenizer_files import load_tokenizer
from tokenry.transfer.architecture import row_tensors
from tokenry.transfer.certificate.certify import certify
from tokenry.transfer.model_folder import ModelFolder
from tokenry.transfer.registry import DEFAULT, initialiser
from tokenry.transfer.transplant import transplant

TEXT = "It was the best of times, it was the worst of times; 1,234 of them. " * 4


def cost(model: str, tokenizer: str, out: str, init: str) -> dict[str, Any]:
    """CPU seconds and peak megabytes of one transplant, imports and loading included."""
    transplant(model, load_tokenizer(tokenizer), out, init=initialiser(init))
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    return {"cpu": time.process_time(), "peak": peak / 1024}


def bound(model: Path, out: Path) -> float:
    """Megabytes: 1.3 times the old and the new matrix, and the largest shard of the old model."""
    sizes = []
    for folder in map(ModelFolder.open, (model, out)):
        tensors = row_tensors(folder)
        sizes += [tensors.matrices[r].end - tensors.matrices[r].begin for r in tensors.roles]
    shards = [(model / name).stat().st_size for name in ModelFolder.open(model).files]
    return (1.3 * sum(sizes) + max(shards)) / 2**20


def main() -> None:
    """Print a line for each tokenizer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("tokenizers", nargs="+")
    parser.add_argument("--init", default=DEFAULT)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for at, name in enumerate(given.tokenizers):
            out = Path(folder) / str(at)
            found = call(
                "benchmarks.transplant", "cost", str(given.model), name, str(out), given.init
            )
            certificate = certify(given.model, out, [TEXT])
            failed = ", ".join(each.name for each in certificate.failed) or "passes"
            print(
                f"{name}: {len(load_tokenizer(name)):,} ids, {found['cpu']:.1f} CPU s, peak "
                f"{found['peak']:,.0f} MB (bound {bound(given.model, out):,.0f}), {failed}"
            )


if __name__ == "__main__":
    main()
