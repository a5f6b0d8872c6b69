"""People: signing in, one's own account, agents and their states, users."""
