"""What each page shows, gathered as plain values: one file for each noun."""
