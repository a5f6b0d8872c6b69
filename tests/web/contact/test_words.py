"""What rows say in the browser."""

from __future__ import annotations

from atiende.tests.web.node import in_node


def test_what_became_of_a_contact_is_said_in_words() -> None:
    """Never in the word the program has for it."""
    at = "2026-11-21T17:09:00Z"
    outcomes = ["answered", "no_answer", "busy", "failed", "inbound", ""]
    contacts = [{"at": at, "channel": "call", "outcome": outcome} for outcome in outcomes]
    said = [words.rsplit(", ", 1)[1] for words in in_node("contact/words.js", "m.contactWords(v)", contacts)]
    assert said == ["llamada", "no contestó", "ocupado", "no salió", "nos llamó", "llamada"]
