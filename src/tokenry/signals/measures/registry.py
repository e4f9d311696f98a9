"""The measures of pictures, a line each; tables, plots and pages take labels from here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

from tokenry.errors import SignalError
from tokenry.registry import Entry, Registry

Needs = Literal["pictures", "large pictures", "classifier", "labels", "codes", "bits", "time"]


@dataclass(frozen=True, kw_only=True)
class SignalMeasure(Entry[Callable[..., Any]]):
    """What a column shows.

    Attributes:
        label: of the column, with its unit.
        form: how a value is written, as `format` takes it.
        better: which values are better; "" where neither is by itself.
        needs: what it is measured by.
    """

    label: str
    form: str
    better: Literal["higher", "lower", ""]
    needs: Needs

    def text(self, value: float | None) -> str:
        """The value for people."""
        return "–" if value is None else format(value, self.form)


def _measure(
    name: str, target: str, label: str, form: str, better: Any, needs: Needs, source: str = ""
) -> SignalMeasure:
    return SignalMeasure(
        name, f"tokenry.signals.measures.{target}", source, extra="signals",
        label=label, form=form, better=better, needs=needs,
    )  # fmt: skip


MEASURES: Final[Registry[Any]] = Registry(
    "measure",
    (
        _measure("bits_per_item", "measured:measure_pictures", "bits an image", ",.0f", "lower",
                 "bits"),
        _measure("psnr", "fidelity:psnr", "PSNR, dB", ".2f", "higher", "pictures"),
        _measure("ssim", "structural:ssim", "SSIM", ".3f", "higher", "pictures",
                 "Wang et al. 2004"),
        _measure("ssimulacra2", "ssimulacra:ssimulacra2", "SSIMULACRA2", ".1f", "higher",
                 "large pictures", "Sneyers et al. 2022"),
        _measure("fd_local", "local:LocalClassifier", "FD-local", ".2f", "lower",
                 "classifier"),
        _measure("pfd_local", "perturbed:perturbed_codes", "pFD-local", ".2f", "lower",
                 "classifier", "Qiu et al. 2025, arXiv:2503.08354"),
        _measure("lp_local", "local:LocalClassifier", "LP-local", ".3f", "lower",
                 "classifier"),
        _measure("accuracy", "local:LocalClassifier", "local classifier right", ".1%",
                 "higher", "labels"),
        _measure("usage", "code_use:code_use", "codes used", ".1%", "higher", "codes"),
        _measure("perplexity", "code_use:code_use", "perplexity", ",.1f", "higher", "codes"),
        _measure("entropy", "code_use:code_use", "entropy, bits a token", ".2f", "", "codes"),
        _measure("encoded_per_second", "measured:measure_pictures", "encoded a second", ",.0f",
                 "higher", "time"),
        _measure("decoded_per_second", "measured:measure_pictures", "decoded a second", ",.0f",
                 "higher", "time"),
    ),
    error=SignalError,
)  # fmt: skip
