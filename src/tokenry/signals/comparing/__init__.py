"""Ways of coding pictures side by side: quality against bits, as a table, plots and a page."""
