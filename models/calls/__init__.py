"""Calls as the PBX reports them."""
