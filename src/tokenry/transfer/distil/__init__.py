"""Training a model on what another says whose tokenizer differs: one objective a file.

`pairs` aligns both tokenizations of texts, `step` is what `Trainer.fit` learns by, and `registry`
lists the objectives.
"""
