"""A PBX without telephones: it speaks the real manager protocol over TCP, and its calls exist only as messages.

`SimulatedPbx` for tests and programs, `python -m atiende.telephony.simulated_pbx` for the demonstration.
"""

from .behaviour import Fate, Pace, PickUp
from .incoming import IncomingCall
from .pbx import SimulatedPbx
from .traffic import Traffic, flood

__all__ = ["Fate", "IncomingCall", "Pace", "PickUp", "SimulatedPbx", "Traffic", "flood"]
