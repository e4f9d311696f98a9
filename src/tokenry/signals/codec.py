"""A codec with weights: items to codes, codes to items, and a folder of both."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import PartError, SignalError
from tokenry.extras import importing
from tokenry.neural.parts import from_json, to_json
from tokenry.neural.saving import read_tensors, write_tensors
from tokenry.results import read_result, write_result
from tokenry.signals.assembly import Assembly
from tokenry.signals.codes import Codes
from tokenry.signals.lengths import Asking

if TYPE_CHECKING:
    from tokenry.signals.network import CodecNetwork

CONFIG: Final = "codec.json"
WEIGHTS: Final = "model.safetensors"
FORMAT: Final = "tokenry codec"
VERSION: Final = 1
_HEAD: Final = ("format", "version")


class Codec:
    """What `encode` gives, `decode` takes, in this process or in another.

    Args:
        network: with its weights; it is in eval mode from then on.
        about: what is known of its making, as JSON has it: recipe, seed, steps.
    """

    def __init__(self, network: CodecNetwork, about: Mapping[str, Any] | None = None) -> None:
        self.network = network.eval()
        self.assembly: Assembly = network.config
        self.about = dict(about or {})

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of slots and weights: codecs that share it give the same codes."""
        return _fingerprint(to_json(self.assembly), self.network.state_dict())

    def encode(
        self,
        items: Sequence[Any] | NDArray[Any],
        *,
        facts: Mapping[str, Any] | None = None,
        names: Sequence[str] = (),
        tokens: int | None = None,
        error: float | None = None,
        batch: int = 64,
    ) -> Codes:
        """Codes of items: a function of them, of the weights and of what is asked.

        Args:
            items: as the carrier takes them: images of shape (height, width, 3), uint8.
            facts: what the conditioner is told of each item, by name.
            names: of the items, kept with the codes.
            tokens: at most so many of each item; None: as the length policy finds right.
            error: that is good enough, for policies that decide by it.
            batch: items at a time.

        Raises:
            SignalError: items are not what the carrier takes, or a fact is missing.
        """
        asking = Asking(tokens=tokens, error=error)
        values, facts = self.assembly.carrier.values(items), dict(facts or {})
        self._check(facts, len(values))
        found = [
            self._encoded(values[start : start + batch], facts, start, batch, asking)
            for start in range(0, len(values), batch)
        ]
        levels, layout = self.assembly.bottleneck.levels, self.assembly.tokens
        empty = np.zeros((0, layout, len(levels)), np.int64)
        table = np.concatenate([empty, *[codes for codes, _ in found]])
        mask = np.concatenate([empty.any(-1), *[kept for _, kept in found]])
        return self._codes(table, mask, tuple(names), asking)

    def decode(
        self,
        codes: Codes,
        *,
        facts: Mapping[str, Any] | None = None,
        seed: int = 0,
        batch: int = 64,
    ) -> NDArray[Any]:
        """Items of codes; any codes below their levels, in any number, are items.

        Args:
            codes: of this codec, or others of its levels and layout.
            facts: as for `encode`.
            seed: of decoders that draw noise; each item gets the same.
            batch: items at a time.

        Raises:
            SignalError: the codes are of another codec, or a fact is missing.
        """
        self._check_codes(codes)
        facts = dict(facts or {})
        self._check(facts, len(codes))
        values = [np.zeros((0, *self.assembly.carrier.shape), np.float32)]
        table, mask = codes.padded(), codes.mask
        for start in range(0, len(codes), batch):
            part = slice(start, start + batch)
            values.append(self._decoded(table[part], mask[part], _part(facts, part), seed))
        return self.assembly.carrier.restore(np.concatenate(values))

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write ``codec.json`` and ``model.safetensors``; gives the folder."""
        folder = Path(folder)
        write_tensors(folder / WEIGHTS, self.network.state_dict())
        content = {
            "fingerprint": self.fingerprint, "assembly": to_json(self.assembly), "about": self.about
        }  # fmt: skip
        write_result(folder / CONFIG, content, format=FORMAT, version=VERSION)
        return folder

    @classmethod
    def load(cls, folder: str | os.PathLike[str], *, device: str = "cpu") -> Self:
        """Read what `save` wrote.

        Raises:
            SignalError: the folder has no codec, one of another version, or weights that are not
                those that it was saved with.
            MissingExtraError: torch or safetensors are not installed.
        """
        folder = Path(folder)
        if not (folder / CONFIG).is_file():
            raise SignalError(f"{folder} has no {CONFIG}; expected the folder of a codec")
        head = read_result(folder / CONFIG, format=FORMAT, version=VERSION, error=SignalError)
        try:
            assembly = from_json(head["assembly"])
            tensors = read_tensors(folder / WEIGHTS)
        except (PartError, KeyError, OSError) as error:
            raise SignalError(f"{folder} is damaged: {error}") from None
        if _fingerprint(head["assembly"], tensors) != head.get("fingerprint"):
            raise SignalError(
                f"{folder / WEIGHTS} or {CONFIG} was changed since it was saved: the fingerprint "
                "is another; take the folder from where it was saved"
            )
        with importing("neural", "a codec"):
            network = assembly.build()
        network.load_state_dict(tensors, assign=True)
        return cls(network.to(device), head.get("about"))

    def _encoded(
        self, values: NDArray[np.float32], facts: Mapping[str, Any], start: int, batch: int,
        asking: Asking,
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:  # fmt: skip
        import torch

        from tokenry.signals.network import tensors_of

        device = self.network.device
        told = tensors_of(_part(facts, slice(start, start + batch)), device)
        codes, mask = self.network.encoded(torch.from_numpy(values).to(device), told, asking)
        return codes.cpu().numpy(), mask.cpu().numpy()

    def _decoded(
        self, table: NDArray[np.int64], mask: NDArray[np.bool_], facts: Mapping[str, Any], seed: int
    ) -> NDArray[np.float32]:
        import torch

        from tokenry.signals.network import tensors_of

        device = self.network.device
        codes, kept = torch.from_numpy(table).to(device), torch.from_numpy(mask).to(device)
        values = self.network.decoded(codes, kept, tensors_of(facts, device), seed)
        return np.asarray(values.float().cpu().numpy(), np.float32)

    def _codes(
        self, table: NDArray[np.int64], mask: NDArray[np.bool_], names: tuple[str, ...],
        asking: Asking,
    ) -> Codes:  # fmt: skip
        policy = self.assembly.length
        places = None if policy.prefix else np.nonzero(mask)[1].astype(np.int64)
        return Codes(
            table[mask],
            np.concatenate([[0], mask.sum(1).cumsum()]).astype(np.int64),
            self.assembly.bottleneck.levels,
            self.assembly.tokens,
            places=places,
            fixed=not policy.variable,
            names=names,
            codec=self.fingerprint,
        )

    def _check(self, facts: Mapping[str, Any], items: int) -> None:
        for name in self.assembly.conditioner.facts:
            if name not in facts or len(facts[name]) != items:
                raise SignalError(
                    f"this codec is told {name!r} of each item; give facts={{{name!r}: ...}} for "
                    f"{items} items"
                )

    def _check_codes(self, codes: Codes) -> None:
        expected = self.assembly.bottleneck.levels, self.assembly.tokens
        if (codes.levels, codes.layout) != expected:
            raise SignalError(
                f"codes of levels {codes.levels} and {codes.layout} places; this codec has "
                f"{expected[0]} and {expected[1]}"
            )
        if codes.codec and codes.codec != self.fingerprint:
            raise SignalError(
                f"the codes are of the codec {codes.codec[:12]}, this is {self.fingerprint[:12]}; "
                "decode them with the codec that made them"
            )


def _part(facts: Mapping[str, Any], part: slice) -> dict[str, Any]:
    return {name: each[part] for name, each in facts.items()}


def _fingerprint(assembly: Any, tensors: Mapping[str, Any]) -> str:
    """Of an assembly without its training, and of tensors by name."""
    import json

    slots = {name: each for name, each in assembly.items() if name != "training"}
    digest = hashlib.sha256(json.dumps(slots, sort_keys=True).encode())
    for name in sorted(tensors):
        tensor = tensors[name].detach().cpu().contiguous()
        digest.update(f"\0{name}\0{tensor.dtype}\0{tuple(tensor.shape)}\0".encode())
        digest.update(tensor.numpy().tobytes())
    return digest.hexdigest()
