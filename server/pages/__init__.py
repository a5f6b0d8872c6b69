"""Pages: one file for each noun, each with its `ROUTES`."""
