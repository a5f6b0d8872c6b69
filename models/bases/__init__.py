"""Uploads of bases of customers."""
