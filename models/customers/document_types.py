"""The types of documents of each country, and the words people use for them."""

from __future__ import annotations

from functools import lru_cache

from .names import fold

# Types that mean the same in every country.
_COMMON = {
    "CC": "cc, cedula de ciudadania, cedula ciudadania, ced ciudadania",
    "CE": "ce, cedula de extranjeria, cedula extranjeria, carne de extranjeria, carnet de extranjeria, ced extranjeria",
    "TI": "ti, tarjeta de identidad, tarjeta identidad, tarj identidad",
    "RC": "rc, registro civil",
    "NIT": "nit, numero de identificacion tributaria",
    "PA": "pa, pas, pp, pasaporte, passport, passaporte",
    "PEP": "pep, permiso especial de permanencia",
    "PPT": "ppt, permiso por proteccion temporal",
    "DNI": "dni, documento nacional de identidad, documento nacional identidad, doc nacional de identidad",
    "CUIT": "cuit, clave unica de identificacion tributaria",
    "CUIL": "cuil, codigo unico de identificacion laboral",
    "LE": "le, libreta de enrolamiento",
    "LC": "lc, libreta civica",
    "CI": "ci, cedula de identidad, cedula identidad, carnet de identidad, carne de identidad",
    "RUT": "rut, rol unico tributario",
    "RUN": "run, rol unico nacional",
    "RUC": "ruc, registro unico de contribuyentes, registro unico contribuyentes",
    "CURP": "curp, clave unica de registro de poblacion",
    "RFC": "rfc, registro federal de contribuyentes",
    "INE": "ine, ife, credencial de elector, credencial para votar",
    "CPF": "cpf, cadastro de pessoas fisicas, cadastro de pessoa fisica",
    "CNPJ": "cnpj, cadastro nacional da pessoa juridica, cadastro nacional de pessoa juridica",
    "RG": "rg, registro geral, carteira de identidade",
    "NIE": "nie, numero de identidad de extranjero",
    "NIF": "nif, numero de identificacion fiscal",
    "CIF": "cif, codigo de identificacion fiscal",
    "SSN": "ssn, social security number, seguro social",
    "EIN": "ein, employer identification number",
}
# Words that mean another type in each country.
_IN_COUNTRY = {
    "CO": {"CC": "cedula, ced, ciudadania", "CE": "extranjeria"},
    "EC": {"CI": "cedula, ced, cc, cedula de ciudadania"},
    "UY": {"CI": "cedula, ced"},
    "PY": {"CI": "cedula, ced"},
    "BO": {"CI": "cedula, ced, carnet"},
    "VE": {"CI": "cedula, ced, v"},
    "CR": {"CI": "cedula, ced"},
    "PA": {"CI": "cedula, ced"},
    "DO": {"CI": "cedula, ced"},
    "CL": {"RUT": "cedula, run, rol unico nacional, cedula de identidad, carnet"},
    "AR": {"DNI": "documento, doc"},
    "PE": {"DNI": "documento, doc"},
    "ES": {"DNI": "documento, doc"},
    "BR": {"RG": "identidade", "RNE": "rne, registro nacional de estrangeiros"},
    "MX": {"INE": "elector"},
}
_ANYWHERE = {"CC": "cedula, ced"}


@lru_cache(maxsize=16)
def _types(region: str) -> dict[str, str]:
    """{folded words without spaces: type}; the country's own meaning last, so that it wins."""
    found: dict[str, str] = {}
    for table in (_COMMON, _ANYWHERE, _IN_COUNTRY.get(region, {})):
        for kind, words in table.items():
            found |= {word.strip().replace(" ", ""): kind for word in words.split(",")}
    return found


@lru_cache(maxsize=2_000)
def type_of(words: str, region: str) -> str:
    """The type these words mean in a country ("C. C." → "CC"); "" when nobody knows."""
    return _types(region).get(fold(words).replace(" ", ""), "")
