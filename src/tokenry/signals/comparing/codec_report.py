"""One codec measured: its figures, and beside them the baselines at the bits that it takes."""

from __future__ import annotations

from collections.abc import Sequence

from tokenry.errors import SignalError
from tokenry.progress import Progress, silent
from tokenry.signals.codec import Codec
from tokenry.signals.comparing.compare import PictureJudge, baseline_ways, codec_way, compare
from tokenry.signals.comparing.comparison import CodingComparison
from tokenry.signals.measures.local import LocalClassifier, train_local
from tokenry.signals.measures.perturbed import usual_swap
from tokenry.signals.picture_files import facts_of
from tokenry.signals.pictures.album import Album


def measure_codec(
    codec: Codec,
    album: Album,
    *,
    name: str = "codec",
    source: str = "",
    others: Album | None = None,
    classifier: LocalClassifier | None = None,
    classifier_steps: int = 600,
    tokens: Sequence[int] = (),
    errors: Sequence[float] = (),
    baselines: bool = True,
    progress: Progress = silent,
) -> CodingComparison:
    """Measure a codec on pictures that it did not learn from.

    Args:
        codec: of images.
        album: the pictures.
        name: what to call the codec.
        source: where the pictures are from.
        others: other pictures, which baselines and the local classifier learn from, and which the
            floor of FD-local is of; None: there is none of these.
        classifier: instead of one that is trained here.
        classifier_steps: of its training.
        tokens: prefixes that are measured, too.
        errors: that are good enough, for codecs that decide by it.
        baselines: whether they are measured, at the bits of the codec.
        progress: told how far it is.

    Raises:
        SignalError: baselines are asked for, or labels, and there are no other pictures.
    """
    facts = facts_of(codec.assembly, album, classes=codec.about.get("classes", ()))
    if errors and codec.assembly.length.prefix and not codec.assembly.length.variable:
        raise SignalError("this codec keeps as many tokens whatever the error; leave it out")
    local = others is not None or classifier is not None
    swap = usual_swap(codec.assembly) if local else None
    ways = [codec_way(name, f"{codec.assembly.tokens} tokens", codec, facts=facts, swap=swap)]
    ways += [codec_way(name, f"{n} tokens", codec, facts=facts, tokens=n) for n in tokens]
    ways += [codec_way(name, f"error {e:g}", codec, facts=facts, error=e) for e in errors]
    if others is not None and classifier is None:
        classifier = train_local(others, steps=classifier_steps, progress=progress)
    judge = PictureJudge(classifier=classifier, others=others)
    found = compare(ways, album, source=source, judge=judge, progress=progress)
    if others is None or not baselines:
        return found
    bits = sorted({score.bits for score in found.scores})
    beside = list(baseline_ways(others, bits))
    if not beside:  # no file is as small as that
        return found
    return found.beside(compare(beside, album, judge=judge, progress=progress))
