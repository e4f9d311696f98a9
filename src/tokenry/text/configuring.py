"""A pipeline that says which special serves which use, and puts BOS and EOS around sequences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tokenry.errors import VocabularyError
from tokenry.text.config import USES
from tokenry.text.parts import Template
from tokenry.text.pipeline import Pipeline


def configured(
    pipeline: Pipeline,
    uses: Mapping[str, str | None],
    chat_template: str | None = None,
    add_bos: bool | None = None,
    add_eos: bool | None = None,
) -> Pipeline:
    """The pipeline with other words about it; None keeps what it says.

    Args:
        pipeline: what is said of.
        uses: specials by use, as `tokenry.text.config.USES` calls them.
        chat_template: a Jinja template.
        add_bos: whether its template puts BOS before a sequence.
        add_eos: whether it puts EOS behind one.

    Raises:
        VocabularyError: a name that is no special, or no BOS or EOS to add.
    """
    named = {use: name for use, name in uses.items() if name is not None}
    for use, name in named.items():
        _id_of(pipeline, use, name)
    values: dict[str, object] = {USES[use]: name for use, name in named.items()}
    if chat_template is not None:
        values["chat_template"] = chat_template
    if values:
        pipeline = replace(pipeline, config=pipeline.config.changed(**values))
    if add_bos is None and add_eos is None:
        return pipeline
    return _around(pipeline, add_bos, add_eos)


def _around(pipeline: Pipeline, add_bos: bool | None, add_eos: bool | None) -> Pipeline:
    template = pipeline.template or Template()
    before, after = template.before, template.after
    if add_bos is not None:
        before = _ids(pipeline, "bos", add_bos)
    if add_eos is not None:
        after = _ids(pipeline, "eos", add_eos)
    # A post-processor that came from a file would be written again as it was.
    metadata = {key: each for key, each in pipeline.metadata.items() if key != "post_processor"}
    config = pipeline.config
    stated = {
        key: wanted
        for key, wanted in (("add_bos_token", add_bos), ("add_eos_token", add_eos))
        if wanted is not None and key in config.values
    }
    return replace(
        pipeline,
        template=Template(before, after) if before or after else None,
        metadata=metadata,
        config=config.changed(**stated) if stated else config,
    )


def _ids(pipeline: Pipeline, use: str, wanted: bool) -> tuple[int, ...]:
    if not wanted:
        return ()
    name = pipeline.config.token(USES[use])
    if name is None:
        raise VocabularyError(
            f"add_{use}=True, and the tokenizer does not say which special that is; give {use}="
        )
    return (_id_of(pipeline, use, name),)


def _id_of(pipeline: Pipeline, use: str, name: str) -> int:
    specials = pipeline.specials()
    if not isinstance(name, str):
        raise VocabularyError(f"{use}={name!r}; expected the name of one special")
    if name not in specials:
        shown = ", ".join(map(repr, list(specials)[:8])) or "none"
        raise VocabularyError(
            f"{use}={name!r} is no special of this tokenizer; it has: {shown}; learn it with "
            f"special_tokens=, or add it with tokenry.surgery.add_specials"
        )
    return specials[name]
