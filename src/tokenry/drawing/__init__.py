"""What people look at: tokens as HTML, plots as SVG, one style; no state, no scripts."""
