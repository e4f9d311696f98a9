"""The look of the report, in light and in dark."""

CSS = """
:root {
  --paper: #fbfaf7; --card: #ffffff; --ink: #1c1b19; --muted: #6b675f; --line: #e4e0d8;
  --faint: #a89f90;
  --accent: #0f6e56;
  --series-0: #c2410c; --series-1: #0f766e; --series-2: #6d28d9; --series-3: #1d4ed8;
  --series-4: #a16207; --series-5: #be185d; --series-6: #4d7c0f; --series-7: #475569;
  --tone-0: #fde2d3; --tone-1: #d5ede4; --tone-2: #dfe4fb; --tone-3: #fbeeb8;
  --tone-4: #f7d9ea; --tone-5: #d3ebf7;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #161513; --card: #1f1e1b; --ink: #f1eee7; --muted: #a39d92; --line: #37342f;
    --faint: #8b8375;
    --accent: #5dcaa5;
    --series-0: #fb923c; --series-1: #2dd4bf; --series-2: #a78bfa; --series-3: #60a5fa;
    --series-4: #facc15; --series-5: #f472b6; --series-6: #a3e635; --series-7: #94a3b8;
    --tone-0: #5a2f1a; --tone-1: #1d4a3c; --tone-2: #2f3666; --tone-3: #55470f;
    --tone-4: #572743; --tone-5: #1b4659;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
}
main { max-width: 68rem; margin: 0 auto; padding: 3.5rem 1.5rem 5rem; }
h1, h2 { font-family: Georgia, "Noto Serif", "DejaVu Serif", serif; font-weight: 600; }
h1 { font-size: clamp(2rem, 5vw, 3.1rem); line-height: 1.1; margin: .3rem 0 1.1rem;
  letter-spacing: -.02em; }
h1 em { font-style: normal; color: var(--accent); }
h2 { font-size: 1.55rem; margin: 0 0 .8rem; letter-spacing: -.01em; }
h3 { margin: 0 0 .6rem; font-size: .8rem; text-transform: uppercase; letter-spacing: .09em;
  color: var(--muted); }
section { margin-top: 3.6rem; }
small { display: block; font-size: .74rem; color: var(--muted); font-weight: 400; }
code { font-family: ui-monospace, "SF Mono", "DejaVu Sans Mono", monospace; font-size: .88em;
  overflow-wrap: anywhere; }
.kicker { margin: 0; color: var(--muted); font-size: .86rem; }
.lead { font-size: 1.22rem; line-height: 1.5; max-width: 50rem; margin: 0 0 1.8rem; }
.reason, .note, figcaption { color: var(--muted); font-size: .88rem; max-width: 50rem; }
.reason { margin-top: 1.3rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: .9rem; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 12px;
  padding: 1rem 1.1rem .9rem; }
.tile b { display: block; font: 600 1.95rem/1.1 Georgia, "Noto Serif", "DejaVu Serif", serif; }
.tile span { display: block; margin-top: .35rem; font-size: .86rem; line-height: 1.3; }
.tile small { margin-top: .25rem; }
.wide { overflow-x: auto; background: var(--card); border: 1px solid var(--line);
  border-radius: 12px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums;
  font-size: .92rem; }
th, td { padding: .62rem .45rem; text-align: right; vertical-align: top; }
thead th { font-size: .76rem; font-weight: 500; color: var(--muted); white-space: normal;
  vertical-align: bottom; line-height: 1.25; }
th:first-child { text-align: left; }
tbody tr { border-top: 1px solid var(--line); }
tbody th { font-weight: 600; min-width: 8rem; overflow-wrap: anywhere; }
tbody th small { padding-left: 1.2rem; }
tr.won { background: color-mix(in srgb, var(--accent) 11%, transparent); }
.swatch { display: inline-block; flex: none; width: .72rem; height: .72rem; margin-right: .5rem; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .3rem 1.3rem; margin: 0 0 .6rem;
  padding: 0; font-size: .88rem; }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 12px;
  padding: 1.1rem 1.2rem; }
figcaption { margin-top: .8rem; }
figure { overflow-x: auto; }
figure + .wide { margin-top: .9rem; }
.plot { display: block; width: 100%; min-width: 34rem; height: auto; }
.plot text { font-family: system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans",
  sans-serif; }
.example { margin-top: 1.5rem; }
.cuts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr));
  gap: .9rem; }
.cut { background: var(--card); border: 1px solid var(--line); border-radius: 12px;
  padding: .75rem 1rem 1rem; }
.cut p { margin: 0 0 .5rem; font-size: .84rem; color: var(--muted); display: flex;
  align-items: center; }
.cut p b { margin-left: auto; color: var(--ink); font-variant-numeric: tabular-nums; }
.cut p b::after { content: " tokens"; font-weight: 400; color: var(--muted); }
.cut p b.best { color: var(--accent); }
.tokens { white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.95; font-size: .92rem;
  font-family: ui-monospace, "SF Mono", "DejaVu Sans Mono", "Noto Sans Mono", monospace; }
.tokens span { border-radius: 4px; padding: .16em 0; margin-right: 1px;
  -webkit-box-decoration-break: clone;
  box-decoration-break: clone; }
.tokens i { font-style: normal; color: var(--faint); }
.tokens sup { font-size: .62em; color: var(--muted); margin-left: .1em; }
.t0 { background: var(--tone-0); } .t1 { background: var(--tone-1); }
.t2 { background: var(--tone-2); } .t3 { background: var(--tone-3); }
.t4 { background: var(--tone-4); } .t5 { background: var(--tone-5); }
.many { background-image: repeating-linear-gradient(135deg, transparent 0 3px,
  color-mix(in srgb, var(--ink) 26%, transparent) 3px 4px); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .4rem 1.4rem; font-size: .88rem; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
details { margin-top: .9rem; font-size: .88rem; }
details + h3 { margin-top: 1.5rem; }
summary { cursor: pointer; color: var(--muted); }
details dd { line-height: 1.9; }
@media (max-width: 40rem) { main { padding: 2rem 1rem 3rem; } dl { display: block; }
  dd { margin-bottom: .6rem; } }
@media print { section, .tile, .cut { break-inside: avoid; } }
"""
