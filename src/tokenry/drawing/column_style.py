"""The look of columns of tokens; variables of `tokenry.drawing.style` give its colours."""

from __future__ import annotations

from tokenry.drawing.columns import COLORS

_GOLDEN_ANGLE = 137.508  # degrees: colours that follow each other are far apart


def _tones(saturation: int, lightness: int) -> str:
    return "\n".join(
        f".c{i} {{ background: hsl({i * _GOLDEN_ANGLE % 360:.0f} {saturation}% {lightness}%); }}"
        for i in range(COLORS)
    )


COLUMNS_CSS = f"""
{_tones(68, 88)}
@media (prefers-color-scheme: dark) {{
{_tones(38, 26)}
}}
"""
COLUMNS_CSS += """
.counts { font-size: .9rem; color: var(--muted); margin: 0 0 .8rem; }
.counts b { color: var(--ink); font-variant-numeric: tabular-nums; margin-left: .7rem; }
.counts b:first-child { margin-left: 0; }
.cutoff { margin-left: .9rem; color: var(--accent); }
.columns { display: grid; gap: .9rem;
  grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); }
.columns.n4 { grid-template-columns: repeat(auto-fit, minmax(min(17rem, 100%), 1fr)); }
.column { margin: 0; min-width: 0; background: var(--card); border: 1px solid var(--line);
  border-radius: 12px; padding: .9rem 1.1rem 1.1rem; }
.column h3 { text-transform: none; letter-spacing: 0; font-size: .95rem; color: var(--ink);
  margin: 0; overflow-wrap: anywhere; }
.figures { margin: .1rem 0 .8rem; color: var(--muted); font-size: .86rem; }
.figures .total { font: 600 1.5rem/1.2 Georgia, "Noto Serif", "DejaVu Serif", serif;
  color: var(--ink); }
.figures .best { color: var(--accent); }
.figures span { margin-left: .5rem; }
.figures .lossy { color: var(--series-0); font-weight: 600; }
.column .tokens { max-height: 26rem; overflow-y: auto; padding: .2rem; border-radius: 6px; }
.ids { list-style: none; margin: .9rem 0 0; padding: .7rem 0 0; border-top: 1px solid var(--line);
  display: flex; flex-wrap: wrap; gap: .22rem; max-height: 13rem; overflow-y: auto;
  font-size: .76rem;
  font-family: ui-monospace, "SF Mono", "DejaVu Sans Mono", monospace; }
.ids li { padding: 0 .3em; border-radius: 4px; cursor: default; }
.tokens span { cursor: default; }
.alone { text-decoration: underline; text-decoration-thickness: 2px; text-underline-offset: .28em;
  text-decoration-color: var(--muted); }
.ids .alone { text-decoration: none; box-shadow: inset 0 -2px var(--muted); }
.special { font-weight: 700; outline: 1px dashed var(--accent); }
.tokens .on, .ids .on { outline: 2px solid var(--ink); outline-offset: 1px; }
"""
