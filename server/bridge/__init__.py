"""The process that hears one PBX and does what it is asked there."""
