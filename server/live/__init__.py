"""The live socket of a web process."""
