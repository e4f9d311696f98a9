"""Pre-tokenizers behind ByteLevel, which see one character of its alphabet a byte (Falcon)."""

from __future__ import annotations

from tokenizers import Regex, decoders, models, pre_tokenizers, trainers
from tokenizers import Tokenizer as Theirs

from running import running
from shares import draw, share
from tokenry.formats.tokenizer_json import reading

load = running(reading.load)
ALPHABET = [*"abz 0123456789.,!'\n", *"\u00fc\u00bc\u00b2\u4f60\u0663\u00e9\U0001f600"]


def falcon() -> Theirs:
    theirs = Theirs(models.BPE())
    theirs.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Punctuation("contiguous"),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
            pre_tokenizers.Digits(individual_digits=False),
            pre_tokenizers.Split(Regex("[0-9][0-9][0-9]"), "isolated"),
        ]
    )
    theirs.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=330, initial_alphabet=alphabet, show_progress=False)
    theirs.train_from_iterator(
        ["a 12345 ab\u00fc\u00bc 1234,, z\u4f60\u4f60 123 ab ab"] * 4, trainer
    )
    return theirs


def test_ids_text_and_writing_again() -> None:
    theirs, rng = falcon(), draw("falcon")
    ours = load(theirs.to_str().encode())
    for _ in range(share(600)):
        text = "".join(rng.choices(ALPHABET, k=rng.randint(0, 25)))
        ids = theirs.encode(text).ids
        assert ours.encode(text) == ids == ours.encode_by_hand(text)
        assert ours.decode(ids) == theirs.decode(ids)
        assert ours.encode_with_spans(text)[0].tolist() == ids
