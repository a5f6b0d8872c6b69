"""Which indicativo a landline has, by the customer's city: to mend numbers that were written without it.

Colombia's plan since 2021: 60 and a digit for a group of departments, before the seven digits dialled in the city.
"""

from __future__ import annotations

from ....models.customers.names import fold

BY_CITY = "city"  # what the option says instead of digits
_COLOMBIA = {
    "601": "bogota, bogota dc, bogota d c, santafe de bogota, soacha, chia, zipaquira, facatativa, fusagasuga, "
    "girardot, mosquera, madrid, funza, cajica, cota, la calera, sopo, tocancipa, ubate, villeta",
    "602": "cali, santiago de cali, palmira, buenaventura, tulua, buga, guadalajara de buga, cartago, yumbo, jamundi, "
    "candelaria, popayan, santander de quilichao, pasto, san juan de pasto, ipiales, tumaco",
    "604": "medellin, bello, itagui, envigado, sabaneta, la estrella, caldas antioquia, copacabana, girardota, "
    "rionegro, apartado, turbo, caucasia, la ceja, monteria, lorica, cerete, sahagun, quibdo",
    "605": "barranquilla, soledad, malambo, puerto colombia, cartagena, cartagena de indias, magangue, turbaco, "
    "santa marta, cienaga, valledupar, aguachica, riohacha, maicao, uribia, sincelejo, corozal",
    "606": "manizales, villamaria, chinchina, la dorada, pereira, dosquebradas, santa rosa de cabal, armenia, calarca, "
    "montenegro, la tebaida",
    "607": "bucaramanga, floridablanca, giron, piedecuesta, barrancabermeja, san gil, socorro, cucuta, "
    "san jose de cucuta, los patios, villa del rosario, ocana, pamplona, arauca, saravena",
    "608": "tunja, duitama, sogamoso, chiquinquira, ibague, espinal, el espinal, melgar, neiva, pitalito, garzon, "
    "villavicencio, acacias, granada, yopal, aguazul, florencia, mocoa, puerto asis, leticia, mitu, inirida, "
    "puerto carreno, san jose del guaviare, san andres",
}  # fmt: skip
_OF_CITY = {"CO": {city.strip(): code for code, cities in _COLOMBIA.items() for city in cities.split(",")}}


def knows_cities(region: str) -> bool:
    """Whether indicativos by city are known for this country."""
    return region in _OF_CITY


def area_codes(region: str) -> list[str]:
    """All indicativos of a country whose cities are known."""
    return list(dict.fromkeys(_OF_CITY.get(region, {}).values()))


def area_code_of(city: str, region: str) -> str | None:
    """The indicativo of a city by its name; none when it is not known."""
    return _OF_CITY.get(region, {}).get(fold(city))
