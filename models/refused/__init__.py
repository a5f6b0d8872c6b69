"""Every refusal a person or a program can meet, with its stable code.

    Refused
    ├── NotSignedIn            not-signed-in            401
    ├── SignInFailed           sign-in-failed           401
    ├── TooManyTries           too-many-tries           429
    ├── NotAllowed             not-allowed              403
    ├── CrossSite              cross-site               403
    ├── NotFound               not-found                404
    ├── BadInput               bad-input                422
    │   ├── ResultRequired     result-required          422
    │   ├── ResultUnknown      result-unknown           422
    │   ├── FewerCustomers     fewer-customers-than-agents 422
    │   ├── DateInThePast      date-in-the-past         422
    │   ├── CampaignRequired   campaign-required        422
    │   └── FileRefused        file-refused             422
    ├── TooLarge               too-large                413
    ├── Conflict               conflict                 409
    │   ├── Stale              stale                    409
    │   ├── CaseTaken          case-already-taken       409
    │   ├── CaseClosed         case-closed              409
    │   ├── NotHolder          case-not-yours           409
    │   ├── BusyWithCase       busy-with-case           409
    │   ├── StateRefused       state-refused            409
    │   ├── AlreadyExists      already-exists           409
    │   ├── CallOver           call-over                409
    │   ├── AlreadyInCall      already-in-call          409
    │   ├── PhoneNotReady      phone-not-ready          409
    │   ├── ContactRefused     contact-refused-…        409
    │   │   ├── DoNotContactAsked  contact-refused-do-not-contact
    │   │   ├── OutsideHours       contact-refused-hours
    │   │   ├── ForbiddenDay       contact-refused-day
    │   │   ├── OnHoliday          contact-refused-holiday
    │   │   ├── DailyMaximum       contact-refused-daily
    │   │   ├── WeeklyMaximum      contact-refused-weekly
    │   │   └── PauseNeeded        contact-refused-pause
    │   └── KeyReused          idempotency-key-reused   422
    ├── TooManyRequests        too-many-requests        429
    ├── Unavailable            unavailable              503
    └── DiskFull               disk-full                507

A refusal carries its Spanish sentence as a msgid with named places (`%(holder)s`), the values for them, the field it is
about, and what else the answer should tell (`extra`). `server/` maps the class to a status and translates the sentence.
A value may itself be a `Phrase` or several of them (`Phrases`).

A new refusal is a class in the file of its capability and a line in the tree above.
"""

from __future__ import annotations

from .bases import *
from .calls import *
from .campaigns import *
from .cases import *
from .contact import *
from .general import *
from .identity import *
from .people import *
from .refusal import *
