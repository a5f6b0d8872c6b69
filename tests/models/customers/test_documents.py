"""One document, one type and one account number have one form each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atiende.models.customers.documents import clean_account, clean_document, clean_document_type, read_document
from atiende.models.customers.written import SpoiltNumber

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
UNSEEN = ["\u200b", "\u200e", "\u202a", "\u202c", "\u2060", "\ufeff", "\u00ad", "\t", "\u00a0", " ", ""]
BETWEEN = ["", ".", " ", "-", "–", "\u00a0", "'", ",", "/"]


@given(
    st.integers(100_000, 10**12),
    st.sampled_from(UNSEEN),
    st.sampled_from(UNSEEN),
    st.sampled_from(BETWEEN),
    st.booleans(),
)
def test_every_spelling_of_a_document_is_one_document(
    number: int, before: str, after: str, between: str, wide: bool
) -> None:
    """Thousands by any mark, invisible signs, digits of another width."""
    text = before + f"{number:,}".replace(",", between) + after
    text = text.translate(FULL_WIDTH) if wide else text
    assert clean_document(text) == clean_account(text) == str(number)


@pytest.mark.parametrize(
    ("text", "kept"),
    [("700025.0", "700025"), ("700025,00", "700025"), ("900555210-4", "9005552104"), ("12.345.678-k", "12345678K"),
     ("0912345678", "0912345678"), ("x12", "X12"), ("5E3", "5E3"), ("", ""), ("Nº 71", "NO71")],
)  # fmt: skip
def test_what_a_spreadsheet_added_goes_and_what_identifies_stays(text: str, kept: str) -> None:
    assert clean_document(text) == kept


@pytest.mark.parametrize("text", ["5,49E+12", "5.49e+12", "1E+09", "1.2E5", "5,49 E+12"])
def test_a_number_that_a_spreadsheet_shortened_is_refused(text: str) -> None:
    for read in (clean_document, clean_account):
        with pytest.raises(SpoiltNumber):
            read(text)


@given(st.text(max_size=60))
def test_a_document_read_again_is_the_same(text: str) -> None:
    try:
        once = clean_document(text)
    except ValueError:
        return
    assert clean_document(once) == once


@pytest.mark.parametrize(
    ("region", "words", "kind"),
    [
        ("CO", ["cc", "C.C.", "c. c.", "Cédula", "CÉDULA DE CIUDADANÍA", "ced", "\u200bCC", "ＣＣ"], "CC"),
        ("CO", ["nit", "N.I.T."], "NIT"),
        ("CO", ["Pasaporte", "pas", "passport", "PP"], "PA"),
        ("CO", ["Cédula de extranjería", "c.e."], "CE"),
        ("EC", ["Cédula", "C.I.", "cc"], "CI"),
        ("AR", ["dni", "D.N.I.", "Documento", "Documento Nacional de Identidad"], "DNI"),
        ("MX", ["curp", "Clave Única de Registro de Población"], "CURP"),
        ("MX", ["INE", "IFE", "credencial para votar"], "INE"),
        ("BR", ["cpf", "C.P.F."], "CPF"),
        ("CL", ["RUT", "R.U.T.", "run", "cédula de identidad"], "RUT"),
        ("PE", ["ruc", "R.U.C."], "RUC"),
        ("ES", ["nie", "N.I.E."], "NIE"),
        ("CO", ["raro", "RARO", "r.a.r.o."], "RARO"),
        ("CO", ["", " ", "."], ""),
    ],
)
def test_the_words_for_a_type_are_one_type(region: str, words: list[str], kind: str) -> None:
    assert {clean_document_type(word, region) for word in words} == {kind}


@pytest.mark.parametrize(
    ("kind", "document", "kept"),
    [
        ("", "CC 71644902", ("CC", "71644902")),
        ("", "C.C. 71.644.902", ("CC", "71644902")),
        ("cc", "CC-71644902", ("CC", "71644902")),
        ("", "Cédula: 71 644 902", ("CC", "71644902")),
        ("", "CC123456", ("", "CC123456")),  # a passport may begin so
        ("NIT", "CC 71644902", ("NIT", "CC71644902")),
    ],
)
def test_a_type_in_front_of_the_document_counts_where_none_is_given(
    kind: str, document: str, kept: tuple[str, str]
) -> None:
    assert read_document(kind, document, "CO") == kept
