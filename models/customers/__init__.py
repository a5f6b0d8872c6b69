"""Customers and bases, and how names, phones and columns are read."""
