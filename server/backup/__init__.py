"""One file that holds a whole installation at one moment: made, read, and made again before a migration."""
