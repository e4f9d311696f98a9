"""How a part becomes a module of torch, which is imported here and not before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tokenry.extras import importing, require

if TYPE_CHECKING:
    from tokenry.neural.assembled import Assembled


def torch_for(part: Any, module: str = "torch") -> Any:
    """torch, or a module of it.

    Raises:
        MissingExtraError: torch is not installed; the message names the extra.
    """
    return require(module, "neural", f"building {type(part).__name__}")


def assemble(part: Any, **children: Any) -> Assembled:
    """A module that holds these modules and parameters by name, and whose forward is the part's.

    ``part.forward(module, *inputs)`` is called with the module; a part that needs more than that
    gives from its ``build`` any other `torch.nn.Module`.
    """
    with importing("neural", f"building {type(part).__name__}"):
        from tokenry.neural.assembled import Assembled
    return Assembled(part, children)
