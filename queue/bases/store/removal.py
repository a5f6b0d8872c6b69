"""The statements that take customers back out of a base: whom, what is put back, who goes and who only leaves it.

A customer is removed who came by a base, is in no other one, and whom nobody has worked: no gestión, no attempt, no
call, no appointment, no channel he closed, no case that a person made or has open. Everybody else stays, without the
base. Cases that the uploads made go with them unless they were worked. The same conditions count beforehand and remove.
"""

# ruff: noqa: S608 - the statements are put together from names in this room only, values are always bound

from __future__ import annotations

from .staging import ACCOUNT, MERGED

# A case that somebody touched, or that no upload of these made. `o` is the case.
_WORKED_CASE = """(
    o.job_id IS NULL OR NOT o.job_id = ANY(CAST(:jobs AS text[])) OR o.status <> 'open' OR o.holder_id IS NOT NULL
    OR EXISTS (SELECT FROM dispositions d WHERE d.case_number = o.number)
    OR EXISTS (SELECT FROM contact_attempts t WHERE t.case_number = o.number)
    OR EXISTS (SELECT FROM calls l WHERE l.case_number = o.number)
    OR EXISTS (SELECT FROM appointments p WHERE p.case_number = o.number))"""
# `c` is the customer. Each part alone keeps him.
REMOVABLE = f"""c.imported
    AND NOT EXISTS (SELECT FROM base_members b WHERE b.customer_id = c.id AND b.base_id <> :base)
    AND NOT EXISTS (SELECT FROM dispositions d WHERE d.customer_id = c.id)
    AND NOT EXISTS (SELECT FROM contact_attempts t WHERE t.customer_id = c.id)
    AND NOT EXISTS (SELECT FROM calls l WHERE l.customer_id = c.id)
    AND NOT EXISTS (SELECT FROM do_not_contact n WHERE n.customer_id = c.id)
    AND NOT EXISTS (SELECT FROM cases o WHERE o.customer_id = c.id AND {_WORKED_CASE})"""

# Whose membership ends: all of the base, or (with :job) those whom this upload brought into it.
_LEAVING = "m.base_id = :base AND (CAST(:job AS text) IS NULL OR m.joined_by = :job)"
COUNT_MEMBERS = f"SELECT count(*) FROM base_members m WHERE {_LEAVING}"
COUNT_REMOVABLE = f"""
    SELECT count(*) FROM base_members m JOIN customers c ON c.id = m.customer_id WHERE {_LEAVING} AND {REMOVABLE}"""
_CHANGED = "SELECT DISTINCT customer_id FROM import_changes WHERE job_id = :job"
COUNT_CHANGED = f"SELECT count(*) FROM ({_CHANGED}) x"
COUNT_CHANGED_REMOVABLE = f"""
    SELECT count(*) FROM ({_CHANGED}) x JOIN customers c ON c.id = x.customer_id
    JOIN base_members m ON m.customer_id = c.id WHERE {_LEAVING} AND {REMOVABLE}"""

STAGE = (
    """CREATE TEMPORARY TABLE IF NOT EXISTS taken (
        customer_id bigint PRIMARY KEY, leaving boolean, removed boolean DEFAULT false) ON COMMIT DELETE ROWS""",
    "DELETE FROM taken",
)
# The next customers, by their ids: those who leave, and those whom the upload changed.
PICK = f"""
    INSERT INTO taken (customer_id, leaving)
    SELECT id, bool_or(leaving) FROM (
        (SELECT m.customer_id AS id, true AS leaving FROM base_members m
         WHERE {_LEAVING} AND m.customer_id > :after ORDER BY m.customer_id LIMIT :most)
        UNION ALL
        (SELECT DISTINCT x.customer_id, false FROM import_changes x
         WHERE x.job_id = :job AND x.customer_id > :after ORDER BY x.customer_id LIMIT :most)) found
    GROUP BY id ORDER BY id LIMIT :most"""
LOCK = (
    "SELECT c.id FROM customers c WHERE c.id IN (SELECT customer_id FROM taken) ORDER BY c.id FOR UPDATE",
    "SELECT o.number FROM cases o WHERE o.customer_id IN (SELECT customer_id FROM taken) ORDER BY o.number FOR UPDATE",
)
CAMPAIGNS = """
    SELECT DISTINCT o.campaign_id FROM cases o JOIN taken t ON t.customer_id = o.customer_id
    WHERE o.status <> 'closed'"""
MARK_REMOVED = f"""
    UPDATE taken SET removed = true FROM customers c
    WHERE c.id = taken.customer_id AND taken.leaving AND {REMOVABLE}"""

# Changes of one customer are put back one by one, the last first; this is the next one of each.
_LAST = """SELECT DISTINCT ON (x.customer_id) x.* FROM import_changes x JOIN taken t ON t.customer_id = x.customer_id
           WHERE x.job_id = :job AND NOT t.removed ORDER BY x.customer_id, x.id DESC"""


def _back(table: str, change: str, name: str, kind: str) -> str:
    """What was before, where nobody changed it since."""
    return (
        f"CASE WHEN {change} ? '{name}' AND to_jsonb({table}.{name}) = {change}->'{name}'->1"
        f" THEN ({change}->'{name}'->>0){kind} ELSE {table}.{name} END"
    )


_KINDS = {
    "birth_date": "::date",
    "cut_off_date": "::date",
    "extension_until": "::date",
    "balance": "::numeric",
}
_CUSTOM = """CASE WHEN x.fields ? 'custom' AND c.custom = x.fields->'custom'->1 THEN x.fields->'custom'->0
             ELSE c.custom END"""
# A document that another customer has taken meanwhile cannot come back.
_DOCUMENT_FREE = """NOT EXISTS (
    SELECT FROM customers k WHERE k.id <> c.id AND k.document <> '' AND x.fields ?| ARRAY['document', 'document_type']
      AND k.document = coalesce(x.fields->'document'->>0, c.document)
      AND k.document_type = coalesce(x.fields->'document_type'->>0, c.document_type))"""
_PUT_BACK = {
    name: (
        _CUSTOM
        if name == "custom"
        else f"CASE WHEN {_DOCUMENT_FREE} THEN {_back('c', 'x.fields', name, '')} ELSE c.{name} END"
        if name.startswith("document")
        else _back("c", "x.fields", name, _KINDS.get(name, ""))
    )
    for name in MERGED
}
RESTORE = f"""
    UPDATE customers c SET version = c.version + 1, updated_at = clock_timestamp(),
           {", ".join(f"{name} = {value}" for name, value in _PUT_BACK.items())}
    FROM ({_LAST}) x WHERE c.id = x.customer_id
    RETURNING c.id, x.fields ?| ARRAY['first_name', 'second_name', 'first_surname', 'second_surname', 'document'],
              c.first_name, c.second_name, c.first_surname, c.second_surname, c.document"""
RENAME = """
    UPDATE customers c SET full_name = n.full_name, search_key = n.search_key, sort_key = n.sort_key
    FROM unnest(CAST(:ids AS bigint[]), CAST(:full AS text[]), CAST(:search AS text[]), CAST(:sort AS text[]))
         AS n (id, full_name, search_key, sort_key) WHERE n.id = c.id"""
RESTORE_ACCOUNTS = f"""
    UPDATE accounts a SET version = a.version + 1,
           {", ".join(f"{name} = {_back('a', 'y.fields', name, _KINDS.get(name, ''))}" for name in ACCOUNT)}
    FROM (SELECT e.key::bigint AS id, e.value AS fields FROM ({_LAST}) x, jsonb_each(x.accounts) e) y
    WHERE a.id = y.id"""
# A datum by which somebody was contacted stays.
DROP_POINTS = f"""
    DELETE FROM contact_points k USING ({_LAST}) x, jsonb_array_elements(x.points) e
    WHERE k.id = e::bigint AND k.customer_id = x.customer_id AND NOT EXISTS (
        SELECT FROM contact_attempts t WHERE t.customer_id = k.customer_id AND t.value = k.value)"""
DROP_ACCOUNTS = f"""
    DELETE FROM accounts a USING ({_LAST}) x, jsonb_array_elements(x.new_accounts) e
    WHERE a.id = e::bigint AND NOT EXISTS (SELECT FROM cases o WHERE o.account_id = a.id)"""
FORGET_CHANGE = f"DELETE FROM import_changes i USING ({_LAST}) x WHERE i.id = x.id"
TOUCH_CASES = f"""
    UPDATE cases o SET version = o.version + 1, service_state = coalesce(
        (SELECT a.service_state FROM accounts a WHERE a.id = o.account_id), o.service_state)
    FROM ({_LAST}) x WHERE o.customer_id = x.customer_id AND o.status <> 'closed'"""

DROP_CASES = f"""
    DELETE FROM cases o USING taken t WHERE o.customer_id = t.customer_id AND NOT {_WORKED_CASE}"""
UNLINK = """
    DELETE FROM base_members m USING taken t WHERE m.customer_id = t.customer_id AND m.base_id = :base AND t.leaving"""
REMOVE = (
    "DELETE FROM accounts a USING taken t WHERE a.customer_id = t.customer_id AND t.removed",
    "DELETE FROM customers c USING taken t WHERE c.id = t.customer_id AND t.removed",
)
COUNT_TAKEN = """
    SELECT count(*), count(*) FILTER (WHERE removed), count(*) FILTER (WHERE leaving AND NOT removed), max(customer_id)
    FROM taken"""
