"""Cases, their gestiones and appointments, and the order of every list of them."""
