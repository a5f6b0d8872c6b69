"""Who may connect, and how much of a stranger's connection is taken in before anybody knows who it is."""
