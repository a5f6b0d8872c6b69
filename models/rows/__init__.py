"""How a row of each thing is shown: one value for page, JSON and event; named queries."""
