"""What an installation holds and what a supervisor sees first."""
