"""Atiende: a real-time contact-centre server that an organisation runs on its own machines."""

__version__ = "0.1.0"
