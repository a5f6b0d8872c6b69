"""What manager messages mean: legs, calls, phones, as facts."""
