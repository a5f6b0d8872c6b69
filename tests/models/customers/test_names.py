"""Names: folded, put together, sorted as Spanish does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atiende.models.customers.names import fold, full_name, prefix_query, search_key, short_name, sort_key


def test_marks_and_case_do_not_matter_when_searching() -> None:
    assert fold("  Óscar-Iván MUÑOZ Ñáñez ") == "oscar ivan munoz nanez"
    assert search_key("José Güiza", "CC-71.644") == "jose guiza cc 71 644"


def test_a_missing_part_leaves_no_gap_in_the_name() -> None:
    assert full_name("Luz", "", "Rodríguez", "Peña") == "Luz Rodríguez Peña"


def test_enye_sorts_after_n_and_before_o_and_other_marks_are_ignored() -> None:
    surnames = ["Ochoa", "Ñáñez", "Nuñez", "Núñez", "Ávila", "Avila", "Nz"]
    ordered = sorted(surnames, key=lambda name: sort_key("", "", name, ""))
    assert ordered.index("Nz") < ordered.index("Ñáñez") < ordered.index("Ochoa")
    assert sort_key("", "", "Ávila", "") == sort_key("", "", "Avila", "")


@given(st.text())
def test_a_query_made_of_anything_is_words_and_nothing_else(text: str) -> None:
    """No tsquery operator of the person's text survives."""
    query = prefix_query(text)
    assert all(word.removesuffix(":*").isalnum() for word in query.split(" & ") if word)


def test_words_are_beginnings_and_short_numbers_are_whole() -> None:
    assert prefix_query("Ana Peña 1032") == "ana:* & pena:* & 1032:*"
    assert prefix_query("103 ana") == "103 & ana:*"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Paola Rincón", "Paola R."),
        ("Sandra Núñez Peña", "Sandra N."),  # one given name, two surnames
        ("Paola Andrea Rincón", "Paola R."),  # two given names, one surname
        ("María José Pérez Gómez", "María P."),
        ("Juan Carlos Andrés Pérez Gómez", "Juan P."),
        ("María del Pilar Gómez", "María G."),
        ("María del Pilar Gómez de la Torre", "María G."),
        ("Ana de la Torre Ruiz", "Ana T."),
        ("Ángela ñato", "Ángela Ñ."),
        ("Cher", "Cher"),
        ("  Ana   Luz ", "Ana L."),
        ("", ""),
    ],
)
def test_a_name_on_the_wall_is_the_first_given_name_and_the_initial_of_the_first_surname(name: str, shown: str) -> None:
    """Nobody is found by the second given name."""
    assert short_name(name) == shown
