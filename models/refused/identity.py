"""Refusals of somebody who is not signed in, or may not do this."""

from __future__ import annotations

from .refusal import N_, Refused


class NotSignedIn(Refused):
    """No valid session or token."""

    code, status = "not-signed-in", 401
    sentence = N_("Su sesión terminó. Ingrese de nuevo.")


class SignInFailed(Refused):
    """Wrong name or password; which of them is never said."""

    code, status = "sign-in-failed", 401
    sentence = N_("El usuario o la contraseña no coinciden.")


class TooManyTries(Refused):
    """The rate limit was passed; `seconds` says when to come back."""

    code, status = "too-many-tries", 429
    sentence = N_("Demasiados intentos. Pruebe de nuevo en %(seconds)s segundos.")


class NotAllowed(Refused):
    """The role does not hold the permission, or the thing is not this person's to touch."""

    code, status = "not-allowed", 403
    sentence = N_("Su rol no permite hacer esto.")


class CrossSite(Refused):
    """The request comes from a page of another site."""

    code, status = "cross-site", 403
    sentence = N_("Esto se pidió desde otro sitio web. Hágalo desde Atiende.")
