"""The live line: one stream of events, the sockets that hear it, who is there."""
