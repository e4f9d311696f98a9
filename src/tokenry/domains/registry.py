"""The domains by name: one line each, and a file that is imported when one is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tokenry.errors import DomainError
from tokenry.registry import Entry, Registry

if TYPE_CHECKING:
    from tokenry.domains.contract import Domain

    Kind = Entry[type[Domain]]


def _domain(
    name: str, target: str, source: str = "", *systems: str, extra: str | None = None
) -> Kind:
    return Entry(name, f"tokenry.domains.{target}", source, systems, extra)


DOMAINS: Final[Registry[type[Domain]]] = Registry(
    "domain",
    (
        _domain("binaries", "binaries.domain:Binaries", "Bommarito 2025, arXiv:2511.17573", "S087"),
        _domain("chat", "chat.domain:Conversational", "Tan, Wang 2024, arXiv:2408.03506", "S127"),
        _domain(
            "code",
            "code.domain:Code",
            "Kadosh et al. 2023, arXiv:2308.09440",
            "S114",
            extra="domains",
        ),
        _domain("dna", "sequences.dna:Dna", "Zhou et al. 2024, arXiv:2306.15006", "S028"),
        _domain(
            "layouts",
            "layouts.domain:Layouts",
            "Yang et al. 2024, arXiv:2406.02884; Lin et al. 2023, arXiv:2308.12700",
            "S126",
            "S128",
        ),
        _domain("mixed", "mixed.domain:Mixed", extra="domains"),
        _domain(
            "molecules", "molecules.domain:Molecules", "Pei et al. 2024, arXiv:2402.17810", "S032"
        ),
        _domain(
            "packets", "packets.domain:Packets", "Guthula et al. 2023, arXiv:2310.17025", "S130"
        ),
        _domain("proteins", "sequences.proteins:Proteins"),
        _domain("records", "records.domain:Records"),
        _domain("tables", "tables.domain:Tables", "Watson et al. 2024, arXiv:2406.10803", "S030"),
    ),
    DomainError,
)
"""What `tokenry learn --domain` takes; a domain is a subclass of `Domain` and a line here."""
