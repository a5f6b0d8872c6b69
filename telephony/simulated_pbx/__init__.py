"""A PBX that is not there: it speaks the real manager protocol over TCP, and its calls are words only.

`SimulatedPbx` for tests and programs, `python -m atiende.telephony.simulated_pbx` for the demonstration.
"""

from .call import SimulatedCall
from .pbx import SimulatedPbx
from .people import Fate, Pace, PickUp
from .traffic import Traffic, flood

__all__ = ["Fate", "Pace", "PickUp", "SimulatedCall", "SimulatedPbx", "Traffic", "flood"]
