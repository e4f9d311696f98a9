"""What a wheel must do before it is kept: learn, encode, decode, and cut alike on all vector paths.

cibuildwheel runs this with the wheel installed and nothing else of the repository on the path.
"""

from __future__ import annotations

import pydoc_data.topics
import random

from tokenry import _native
from tokenry.learning import learn

TEXT = "Größe 中文 naïve don't 1234 == x\n\tdef f(a):  return a  # 😀\r\n" * 40


def main() -> None:
    """Raise where something is wrong, else print the paths that were tried."""
    texts = [TEXT, *(TEXT[at : at + 90] for at in random.Random(0).sample(range(2000), 50))]
    paths = _native.simd_paths()
    for name in _native.splitter_names():
        for text in texts:
            cuts = {bytes(_native.Splitter(name, simd=path).split(text.encode())) for path in paths}
            assert len(cuts) == 1, f"{name} cuts {text!r} in more than one way"
    for kind in ("bpe", "unigram", "wordpiece"):
        tokenizer = learn([TEXT, *pydoc_data.topics.topics.values()], kind=kind, vocab_size=700)
        assert len(tokenizer.encode_batch(texts).ids) > 0
        if kind == "bpe":
            assert all(tokenizer.decode(tokenizer.encode(text)) == text for text in texts)
    print(f"learns, encodes and decodes; vector paths: {', '.join(paths)}")


if __name__ == "__main__":
    main()
