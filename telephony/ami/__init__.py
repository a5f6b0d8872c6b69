"""The manager protocol of Asterisk: bytes, messages, connections."""
