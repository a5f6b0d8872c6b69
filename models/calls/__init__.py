"""Calls as the PBX tells them."""
