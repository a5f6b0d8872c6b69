"""Cases: lists, one case, what is done to it, contacts with its customer."""
