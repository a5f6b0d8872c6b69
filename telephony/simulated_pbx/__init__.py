"""A PBX that is not there: it speaks the real manager protocol over TCP, and its calls are words only.

`SimulatedPbx` for tests and programs, `python -m atiende.telephony.simulated_pbx` for the demonstration.
"""

from .call import SimulatedCall
from .faults import flood
from .outgoing import Fate, Pace, PickUp
from .pbx import SimulatedPbx
from .traffic import Traffic

__all__ = ["Fate", "Pace", "PickUp", "SimulatedCall", "SimulatedPbx", "Traffic", "flood"]
