"""The audit: what is written down, what it is called, how long it is kept."""
