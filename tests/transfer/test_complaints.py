"""What users of other tools complained of, one test each; all of it holds here.

Others are beside the parts that they are about: overlap lost to spelling in published files
(test_matching), sequences out of step by a BOS or a split character (test_chunks), a covariance
that is not positive definite and options handed over as numbers
(initialisers/test_every_initialiser), float rows and shards (test_transplant), tokens of several
digits that a teacher's digits suppress (distil/test_objectives), pairs that are counted once
(test_dynamic), numbers that are cut otherwise, and bits per byte (certificate/test_certify), runs
that leave half a model (test_bad_input).
"""

from __future__ import annotations

import json
import socket
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from transfer_models import COMMON, KINDS, logits, opened, save_model

from tokenry.errors import ModelError
from tokenry.learning import learn
from tokenry.surgery import add_specials, pad, truncate
from tokenry.tokenizer import Tokenizer, load
from tokenry.transfer import INITIALISERS, TransferContext, initialiser, match, transplant
from tokenry.transfer.certificate.certify import certify
from tokenry.transfer.distil.pairs import TextReader, paired_batches
from tokenry.transfer.distil.registry import objective
from tokenry.transfer.distil.step import Distil
from tokenry.transfer.initialisers.asymmetric import RisingPieces
from tokenry.transfer.initialisers.cw2v import ConstrainedWord2Vec


@pytest.mark.parametrize("rows", [-20, 0, 44])
def test_rows_that_are_not_as_many_as_ids(
    rows: int, old: Tokenizer, new: Tokenizer, tmp_path: Path
) -> None:
    """Padded rows, and ids beyond the rows (gemma-3), crash tokensurgeon (mergekit #657, #342)."""
    larger = pad(old, len(old) + 20).tokenizer
    source = save_model(tmp_path / "model", larger, rows=len(larger) + rows)
    made = transplant(source, new, tmp_path / "new")
    assert opened(made.folder).get_input_embeddings().weight.shape[0] == len(new)
    assert bool(made.report.notes) == (rows < 0)
    assert made.context.matches.old_of_new.max() < len(larger) + rows


@pytest.mark.parametrize("name", [name for name in INITIALISERS if name not in ("cw2v",)])
def test_ids_beyond_the_rows_with_every_initialiser(name: str, context: TransferContext) -> None:
    short = replace(context, old_rows=lambda role: context.rows(role)[:700], _made={})
    plan = initialiser(name).plan(short, "input")
    assert plan.covered.all()
    assert plan.ids.max(initial=0) < 700
    assert np.isfinite(plan.rows(short.rows("input"))).all()


def test_trimmed_vocabularies(old: Tokenizer, tmp_path: Path) -> None:
    """A vocabulary cut short keeps the rows of what it kept, and merges stay whole (#139, #47)."""
    source = save_model(tmp_path / "model", old)
    smaller = truncate(old, 600).tokenizer
    made = transplant(source, smaller, tmp_path / "new")
    ids = smaller.encode("a text")
    first, second = logits(opened(source), ids), logits(opened(made.folder), ids)
    assert torch.equal(second, first[:, : len(smaller)])


def test_the_saved_tokenizer_is_whole(old: Tokenizer, new: Tokenizer, tmp_path: Path) -> None:
    """Merged models came with broken or doubled tokenizer.json files (#469)."""
    source = save_model(tmp_path / "model", old)
    made = transplant(source, new, tmp_path / "new")
    content = json.loads((made.folder / "tokenizer.json").read_bytes())
    contents = [token["content"] for token in content["added_tokens"]]
    assert len(contents) == len(set(contents))
    vocabulary = content["model"]["vocab"]
    assert len(set(vocabulary.values())) == len(vocabulary)
    again = load(made.folder)
    assert again.vocabulary == new.vocabulary
    assert not again.vocabulary.duplicates()
    slow = transformers.AutoTokenizer.from_pretrained(made.folder)
    assert len(slow) == len(new)
    leftovers = {"special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt"}
    assert not leftovers & {each.name for each in made.folder.iterdir()}


def test_files_of_the_old_tokenizer_do_not_come_along(
    old: Tokenizer, new: Tokenizer, tmp_path: Path
) -> None:
    source = save_model(tmp_path / "model", old)
    (source / "vocab.json").write_text("{}")
    (source / "LICENSE").write_text("free")
    (source / "pytorch_model.bin.old").write_text("")
    made = transplant(source, new, tmp_path / "new")
    assert not (made.folder / "vocab.json").exists()
    assert (made.folder / "LICENSE").read_text() == "free"


@pytest.mark.parametrize("kind", ["bert", "roberta", "phi, bias"])
def test_biases_of_logits_follow(kind: str, old: Tokenizer, new: Tokenizer, tmp_path: Path) -> None:
    source = save_model(tmp_path / "model", old, kind)
    made = transplant(source, new, tmp_path / "new")
    before = opened(source).get_output_embeddings().bias
    after = opened(made.folder).get_output_embeddings().bias
    plan = made.plans["input" if made.report.tied else "output"]
    expected = plan.combine_numbers(before.detach().numpy())
    assert np.allclose(after.detach().numpy(), expected)
    assert np.ptp(expected) > 0


@pytest.mark.parametrize("kind", KINDS)
def test_tied_and_untied_heads_stay_so(
    kind: str, old: Tokenizer, new: Tokenizer, tmp_path: Path
) -> None:
    source = save_model(tmp_path / "model", old, kind)
    made = transplant(source, new, tmp_path / "new", init=initialiser("mean-first"))
    after = opened(made.folder)
    same = after.get_input_embeddings().weight is after.get_output_embeddings().weight
    assert same == made.report.tied == ("output" not in made.plans)
    if not same:
        inner, outer = (made.plans[role] for role in ("input", "output"))
        assert not np.array_equal(inner.weights, outer.weights)  # each role has its own rule


def test_specials_meet_across_names(old: Tokenizer, prose_text: str, tmp_path: Path) -> None:
    """An end of text under another name keeps its row, and every config says the new id."""
    source = save_model(tmp_path / "model", old)
    (source / "generation_config.json").write_text(
        json.dumps({"eos_token_id": [0, 1], "suppress_tokens": [5, 899], "max_length": 7})
    )
    other = learn([prose_text[:9000]], vocab_size=400, special_tokens=["<s>", "</s>", "<pad>"])
    made = transplant(source, other, tmp_path / "new")
    end = other.token_to_id("</s>")
    rows = [opened(each).get_input_embeddings().weight for each in (source, made.folder)]
    assert torch.equal(rows[1][end], rows[0][old.token_to_id("<|endoftext|>")])
    config = json.loads((made.folder / "config.json").read_bytes())
    generation = json.loads((made.folder / "generation_config.json").read_bytes())
    assert config["eos_token_id"] == end
    assert config["bos_token_id"] == other.token_to_id("<s>")
    assert generation["eos_token_id"][0] == end
    assert set(generation["eos_token_id"]) <= {end, other.token_to_id("<pad>")}
    shared = made.context.matches
    assert generation["suppress_tokens"] == [
        int(np.flatnonzero(shared.old_of_new == old_id)[0])
        for old_id in (5, 899)
        if (shared.old_of_new == old_id).any()
    ]
    assert generation["max_length"] == 7


def test_a_special_that_nothing_stands_for(old: Tokenizer, new: Tokenizer, tmp_path: Path) -> None:
    larger = add_specials(old, ["<|image|>"]).tokenizer
    image = larger.token_to_id("<|image|>")
    source = save_model(tmp_path / "model", larger, image_token_id=image, pad_token_id=2)
    made = transplant(source, new, tmp_path / "new")
    config = json.loads((made.folder / "config.json").read_bytes())
    assert config["image_token_id"] is None
    assert any("image_token_id" in note for note in made.report.notes)


def test_rising_weights_rise_where_they_should(context: TransferContext) -> None:
    """tokensurgeon weighs the first piece of input rows most, against its own comment."""
    inner = RisingPieces().plan(context, "input")
    outer = RisingPieces().plan(context, "output")
    long = int(np.flatnonzero(np.diff(inner.offsets) > 2)[0])
    at = slice(*inner.offsets[long : long + 2])
    assert (np.diff(inner.weights[at]) > 0).all()
    assert (np.diff(outer.weights[at]) < 0).all()


def test_nothing_is_downloaded_or_pushed(
    old: Tokenizer, new: Tokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TokenAdapt pushes to a hub, WECHSEL downloads vectors, ZeTT needs revisions of a hub."""

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    source = save_model(tmp_path / "a.folder-1.5b", old)  # a dot in the name broke ZeTT (#4)
    corpus = ["a text of ours, read twice over"] * 40
    for name in ("tokenadapt", "wechsel", "focus"):
        transplant(source, new, tmp_path / name, init=initialiser(name), corpus=corpus)


def test_without_a_donors_weights(old: Tokenizer, new: Tokenizer, tmp_path: Path) -> None:
    """tokensurgeon always needs a donor model; here a corpus will do."""
    source = save_model(tmp_path / "model", old)
    texts = ["def f(x): return x and the other things that are in a text"] * 60
    made = transplant(source, new, tmp_path / "new", init=initialiser("omp"), corpus=texts)
    assert made.report.rows["input"]["omp"] > 0


def test_a_target_wider_than_the_source(context: TransferContext) -> None:
    """WECHSEL reduced the wrong model where the target was wider."""
    wide = np.random.default_rng(0).normal(size=(context.size, 60)).astype(np.float32)
    donor = replace(context.donor, rows=lambda role: wide)  # type: ignore[type-var]
    for name in ("landmark-pca", "omp"):
        plan = initialiser(name).plan(replace(context, donor=donor, _made={}), "input")
        assert plan.rows(context.rows("input")).shape == (context.size, 24)


def test_a_teacher_reads_its_own_ids(old: Tokenizer, new: Tokenizer) -> None:
    """Student ids were fed to the teacher, silently, where vocabularies differ (TRL #4561)."""
    read: list[torch.Tensor] = []

    def teacher(ids: torch.Tensor) -> torch.Tensor:
        read.append(ids)
        return torch.zeros(*ids.shape, len(old))

    texts = ["one text of words", "and another"]
    batch = paired_batches(texts, TextReader(new, 7), [TextReader(old, 3)], size=2).draw()
    assert batch is not None
    step = Distil([teacher], [objective("uld", new, old)])
    step(lambda ids: torch.zeros(*ids.shape, len(new), requires_grad=True), batch.on("cpu", 0.0))
    rows = {tuple(row[: len(old.encode(text))].tolist()) for row in read[0] for text in texts}
    assert {(3, *old.encode(text)[:-1]) for text in texts} <= rows


def test_negatives_have_terms_of_their_own(context: TransferContext) -> None:
    """CW2V's code adds logits of negatives up before the logarithm; rows stay in the hull here."""
    kind = ConstrainedWord2Vec(steps=30, corners=50, rank=4)
    plan = kind.plan(context, "output")
    made = np.flatnonzero(plan.covered)
    assert len(made) > 20
    for id_ in made[:20].tolist():
        weights = [weight for _, weight in plan.explain(id_).parts]
        assert min(weights) > 0
        assert np.isclose(sum(weights), 1, atol=1e-5)
    learnt = {plan.explain(int(id_)).parts[0][0] for id_ in made}
    assert len(learnt) > 3  # they did not all fall into one corner


def test_overlap_is_found_across_spellings(prose_text: str) -> None:
    """Byte-level strings never equal SentencePiece's where text is not ASCII (mergekit, GOLD)."""
    text = prose_text[:20_000] + " naïve café Müller größer déjà vu çà et là" * 40
    bytewise = learn([text], vocab_size=900)
    spm = learn([text], kind="unigram", vocab_size=500, pretokenizer="metaspace")
    spelled = {spm.id_to_token(id_) for id_ in range(len(spm))}
    naive = {id_ for id_ in range(len(bytewise)) if bytewise.id_to_token(id_) in spelled}
    found = set(match(spm, bytewise).matched.tolist())
    beyond = [bytewise.vocabulary[id_] or b"" for id_ in found - naive]
    assert naive <= found
    assert any(max(piece) > 127 for piece in beyond)


def test_pieces_are_cut_as_text_and_not_as_they_are_spelled(prose_text: str) -> None:
    """tokensurgeon's sub-words of "café" were those of "cafÃ©"."""
    text = prose_text[:20_000]
    old = learn([text + " é è" * 30], vocab_size=500)
    new = learn([text + " café" * 200], vocab_size=600)
    id_ = new.vocabulary.id_of(" café".encode())
    rows = np.random.default_rng(0).normal(size=(len(old), 4)).astype(np.float32)
    context = TransferContext(old=old, new=new, old_rows=lambda role: rows)
    parts = context.decompositions[id_].tolist()
    assert b"".join(old.vocabulary[part] or b"" for part in parts) == " café".encode()
    assert parts == old.encode(" café")


def test_a_piece_that_nothing_translates_takes_no_other_pieces_row(
    context: TransferContext,
) -> None:
    """Trans-Tokenizer's code went on with the row before where a piece had no match at all."""
    plan = INITIALISERS.load("trans-tokenizer")(least=1).plan(context, "input")
    assert 0 < int(plan.covered.sum()) < len(plan) / 2
    left = ~plan.covered
    assert not plan.rows(context.rows("input"))[left].any()
    whole = initialiser("trans-tokenizer").plan(context, "input")
    assert {"sub-piece mean", "mean"} & set(whole.counts())


def test_a_normaliser_stays(old: Tokenizer, prose_text: str, tmp_path: Path) -> None:
    """tokenkit strips NFC from tokenizers."""
    import unicodedata

    import tokenizers
    from tokenizers import normalizers

    plain = learn([prose_text[:9000] + " é" * 90], vocab_size=400, special_tokens=["</s>"])
    plain.save(tmp_path / "plain")
    changed = tokenizers.Tokenizer.from_file(str(tmp_path / "plain" / "tokenizer.json"))
    changed.normalizer = normalizers.NFC()
    source = save_model(tmp_path / "model", old)
    made = transplant(source, load(changed), tmp_path / "new")
    text = unicodedata.normalize("NFD", "un é")
    saved = transformers.AutoTokenizer.from_pretrained(made.folder)
    assert saved.encode(text, add_special_tokens=False) == plain.encode("un é")
    assert load(made.folder).encode(text) == plain.encode("un é")


@pytest.mark.parametrize("kind", KINDS)
def test_every_head_gets_its_rows(
    kind: str, old: Tokenizer, new: Tokenizer, tmp_path: Path
) -> None:
    """transformers resized input rows and left a head as it was."""
    made = transplant(save_model(tmp_path / "model", old, kind), new, tmp_path / "new")
    model = opened(made.folder)
    ends = (model.get_input_embeddings(), model.get_output_embeddings())
    assert [len(end.weight) for end in ends] == [len(new)] * 2
    assert model.config.vocab_size == len(new)


@pytest.mark.parametrize("tied", [True, False])
def test_a_model_of_several_modules(
    tied: bool, old: Tokenizer, new: Tokenizer, tmp_path: Path
) -> None:
    """tokensurgeon takes models of one module alone; in files of others names begin otherwise."""
    small = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    sees = {**small, "intermediate_size": 16, "image_size": 16, "patch_size": 8}
    end, image = (old.token_to_id(name) for name in ("<|endoftext|>", "<|pad|>"))
    reads = {**COMMON, "vocab_size": len(old), "bos_token_id": end, "eos_token_id": end}
    config = transformers.LlavaConfig(
        vision_config=transformers.CLIPVisionConfig(**sees),
        text_config=transformers.LlamaConfig(**reads, tie_word_embeddings=tied),
        image_token_index=image, tie_word_embeddings=tied,
    )  # fmt: skip
    transformers.LlavaForConditionalGeneration(config).save_pretrained(tmp_path / "model")
    old.configured(eos="<|endoftext|>").save(tmp_path / "model")
    with pytest.raises(ModelError, match=r"image_token_index .* add-special"):
        transplant(tmp_path / "model", new, tmp_path / "new")
    new = add_specials(new, ["<|pad|>"]).tokenizer
    made = transplant(tmp_path / "model", new, tmp_path / "new")
    assert made.report.tied is tied
    found = certify(tmp_path / "model", made.folder, ["a text"])
    assert found.passes, found.failed
    config = json.loads((made.folder / "config.json").read_bytes())
    assert config["text_config"]["vocab_size"] == len(new)
    assert config["image_token_index"] == new.token_to_id("<|pad|>")


def test_nothing_but_numpy_and_torch_is_asked_for(
    context: TransferContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """JAX, fastText, faiss and an old Python stood in the way of others."""
    for name in ("jax", "flax", "fasttext", "gensim", "faiss", "datasets", "sentence_transformers"):
        monkeypatch.setitem(sys.modules, name, None)
    for name in INITIALISERS:
        INITIALISERS.load(name)
    given = replace(context, corpus=["a text of ours, read twice over"] * 20, _made={})
    assert initialiser("focus").plan(given, "input").covered.all()


def test_provenance_of_every_row(context: TransferContext) -> None:
    """No tool says of what a new row is made."""
    plan = initialiser("omp").plan(context, "input")
    rows, old = plan.rows(context.rows("input")), context.rows("input")
    for id_ in range(0, len(plan), 97):
        told = plan.explain(id_)
        assert told.origin
        if not told.dense:
            again = sum(weight * old[part] for part, weight in told.parts)
            assert np.allclose(again, rows[id_], atol=1e-4)
