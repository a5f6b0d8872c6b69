"""Words that stand in a cell for nothing: a file that comes out of a database or a sheet writes them, people too."""

from __future__ import annotations

import re

_SAID = """
null|nil|none|nan|nat|undefined|n/a|n.a.|n.a|na|n/d|n.d.|n.d|nd|s/d|s.d.|s/n|s.n.|#n/a|#n/d|#n/d!|#null!|#nulo!|#¡nulo!
|#ref!|#¡ref!|#value!|#valor!|#¡valor!|#name?|#nombre?|#¿nombre?|#nome?|#div/0!|#¡div/0!|#num!|#núm!|#¡num!|#¡núm!
|#error!|#spill!|(null)|[null]|<null>|\\n|(vacío)|(vacio)|vacío|vacio|(en blanco)|en blanco|(blank)|blank|empty
|no tiene|no posee|no aplica|no registra|no reporta|no informa|no disponible|no suministra|no suministró|no figura
|no existe|no hay|ninguno|ninguna|sin dato|sin datos|sin información|sin informacion|sin registro|sin asignar
|sin especificar|sin definir|sin correo|sin email|sin e-mail|sin teléfono|sin telefono|sin celular|desconocido
|desconocida|pendiente|por definir
|not available|not applicable|not provided|no data|no email|no phone|unknown|missing
|não tem|nao tem|não possui|nao possui|não informado|nao informado|não se aplica|nao se aplica|não consta|nao consta
|sem dados|sem informação|sem informacao|sem e-mail|sem telefone|desconhecido|nenhum|nenhuma|vazio
|00/00/0000|0000-00-00|00-00-0000|0000-00-00 00:00:00
"""
PLACEHOLDERS = frozenset(_SAID.replace("\n", "").split("|"))
# Only strokes, points and the like.
STROKES = r"^[-–—_.*?/\\ ]+$"
LONGEST = max(map(len, PLACEHOLDERS))
_STROKES = re.compile(STROKES)
_BEGINS = frozenset("-–—_.*?/\\ ")


def is_placeholder(text: str) -> bool:
    """Whether a cell with this text is empty; `text` has no space around it."""
    return len(text) <= LONGEST and (
        text.lower() in PLACEHOLDERS or (text[:1] in _BEGINS and _STROKES.match(text) is not None)
    )
