"""Who somebody is: passwords, sessions, tokens, links."""
