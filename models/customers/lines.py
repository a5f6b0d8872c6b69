"""The line that a phone is: one form for all spellings of it that a plan itself tells apart.

Argentina writes a mobile with a 9 after the code when it is called from abroad and without it at home; Mexico did so
with a 1. Both are the same line. The table is applied in Python, in the database and to whole columns.
"""

from __future__ import annotations

MARKS = (("+549", "+54"), ("+521", "+52"))  # what marks a mobile, and the same without it


def line_of(value: str) -> str:
    """The line of a phone in E.164; any other text is its own line."""
    for mark, without in MARKS:
        if value.startswith(mark):
            return without + value[len(mark) :]
    return value


def line_in_sql(kind: str = "kind", value: str = "value") -> str:
    """The same for a row of contact points, as the database works it out; NULL for what is no phone."""
    marked = " ".join(
        f"WHEN {value} LIKE '{mark}%' THEN '{without}' || substr({value}, {len(mark) + 1})" for mark, without in MARKS
    )
    return f"CASE WHEN {kind} NOT IN ('mobile', 'landline') THEN NULL {marked} ELSE {value} END"
