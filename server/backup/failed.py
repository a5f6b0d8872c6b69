"""Why a backup could not be made or put back."""

from __future__ import annotations


class BackupFailed(Exception):
    """Nothing was made or put back; the text is for people and says why."""
