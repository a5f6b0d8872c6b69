"""Campaigns and their result trees."""
