"""The statements that take customers back out of a base: whom, what is put back, who goes and who only leaves it.

A customer is removed who came by a base, is in no other one, and whom nobody has worked: no gestión, no attempt, no
call, no appointment, no channel that they closed, no case that a person made or has open. Everybody else stays, without
the base. Cases that the uploads made go with them unless they were worked. The same conditions count beforehand and
remove.
"""

# ruff: noqa: S608 - the statements are put together from names in this room only, values are always bound

from __future__ import annotations

from ....models.customers.fields import NAME_PARTS
from .columns import ACCOUNT_CASTS, ACCOUNT_MERGED, CUSTOMER_CASTS, CUSTOMER_MERGED, assigned, listed

# A case that somebody touched, or that no upload of these made.
_WORKED_CASE = """(
    cases.job_id IS NULL OR NOT cases.job_id = ANY(CAST(:jobs AS text[])) OR cases.status <> 'open'
    OR cases.holder_id IS NOT NULL
    OR EXISTS (SELECT FROM dispositions WHERE dispositions.case_number = cases.number)
    OR EXISTS (SELECT FROM contact_attempts WHERE contact_attempts.case_number = cases.number)
    OR EXISTS (SELECT FROM calls WHERE calls.case_number = cases.number)
    OR EXISTS (SELECT FROM appointments WHERE appointments.case_number = cases.number))"""
# Each part alone keeps the customer.
REMOVABLE = f"""customers.imported
    AND NOT EXISTS (SELECT FROM base_members other
                    WHERE other.customer_id = customers.id AND other.base_id <> :base)
    AND NOT EXISTS (SELECT FROM dispositions WHERE dispositions.customer_id = customers.id)
    AND NOT EXISTS (SELECT FROM contact_attempts WHERE contact_attempts.customer_id = customers.id)
    AND NOT EXISTS (SELECT FROM calls WHERE calls.customer_id = customers.id)
    AND NOT EXISTS (SELECT FROM do_not_contact WHERE do_not_contact.customer_id = customers.id)
    AND NOT EXISTS (SELECT FROM cases WHERE cases.customer_id = customers.id AND {_WORKED_CASE})"""

# Whose membership ends: all of the base, or (with :job) those whom this upload brought into it.
_LEAVING = "base_members.base_id = :base AND (CAST(:job AS text) IS NULL OR base_members.joined_by = :job)"
COUNT_MEMBERS = f"SELECT count(*) FROM base_members WHERE {_LEAVING}"
COUNT_REMOVABLE = f"""
    SELECT count(*) FROM base_members JOIN customers ON customers.id = base_members.customer_id
    WHERE {_LEAVING} AND {REMOVABLE}"""
_CHANGED = "SELECT DISTINCT customer_id FROM import_changes WHERE job_id = :job"
COUNT_CHANGED = f"SELECT count(*) FROM ({_CHANGED}) changed"
COUNT_CHANGED_REMOVABLE = f"""
    SELECT count(*) FROM ({_CHANGED}) changed JOIN customers ON customers.id = changed.customer_id
    JOIN base_members ON base_members.customer_id = customers.id WHERE {_LEAVING} AND {REMOVABLE}"""

STAGE = (
    """CREATE TEMPORARY TABLE IF NOT EXISTS taken (
        customer_id bigint PRIMARY KEY, leaving boolean, removed boolean DEFAULT false) ON COMMIT DELETE ROWS""",
    "DELETE FROM taken",
)
# The next customers, by their ids: those who leave, and those whom the upload changed.
PICK = f"""
    INSERT INTO taken (customer_id, leaving)
    SELECT id, bool_or(leaving) FROM (
        (SELECT base_members.customer_id AS id, true AS leaving FROM base_members
         WHERE {_LEAVING} AND base_members.customer_id > :after ORDER BY base_members.customer_id LIMIT :most)
        UNION ALL
        (SELECT DISTINCT import_changes.customer_id, false FROM import_changes
         WHERE import_changes.job_id = :job AND import_changes.customer_id > :after
         ORDER BY import_changes.customer_id LIMIT :most)) found
    GROUP BY id ORDER BY id LIMIT :most"""
LOCK = (
    "SELECT id FROM customers WHERE id IN (SELECT customer_id FROM taken) ORDER BY id FOR UPDATE",
    "SELECT number FROM cases WHERE customer_id IN (SELECT customer_id FROM taken) ORDER BY number FOR UPDATE",
)
CAMPAIGNS = """
    SELECT DISTINCT cases.campaign_id FROM cases JOIN taken ON taken.customer_id = cases.customer_id
    WHERE cases.status <> 'closed'"""
MARK_REMOVED = f"""
    UPDATE taken SET removed = true FROM customers
    WHERE customers.id = taken.customer_id AND taken.leaving AND {REMOVABLE}"""

# Changes of one customer are put back one by one, the last first; this is the next one of each.
_LAST = """SELECT DISTINCT ON (import_changes.customer_id) import_changes.*
           FROM import_changes JOIN taken ON taken.customer_id = import_changes.customer_id
           WHERE import_changes.job_id = :job AND NOT taken.removed
           ORDER BY import_changes.customer_id, import_changes.id DESC"""


def _back(table: str, name: str, cast: str) -> str:
    """What was before, where nobody changed it since."""
    return (
        f"CASE WHEN changed.fields ? '{name}' AND to_jsonb({table}.{name}) = changed.fields->'{name}'->1"
        f" THEN (changed.fields->'{name}'->>0){cast} ELSE {table}.{name} END"
    )


_CUSTOM = """CASE WHEN changed.fields ? 'custom' AND customers.custom = changed.fields->'custom'->1
             THEN changed.fields->'custom'->0 ELSE customers.custom END"""
# A document that another customer has taken meanwhile cannot come back.
_DOCUMENT_FREE = """NOT EXISTS (
    SELECT FROM customers other WHERE other.id <> customers.id AND other.document <> ''
      AND changed.fields ?| ARRAY['document', 'document_type']
      AND other.document = coalesce(changed.fields->'document'->>0, customers.document)
      AND other.document_type = coalesce(changed.fields->'document_type'->>0, customers.document_type))"""


def _customer_back(name: str) -> str:
    if name == "custom":
        return _CUSTOM
    back = _back("customers", name, CUSTOMER_CASTS[name])
    if name in ("document_type", "document"):
        return f"CASE WHEN {_DOCUMENT_FREE} THEN {back} ELSE customers.{name} END"
    return back


# What the name is shown and found by.
_OF_NAMES = f"ARRAY[{listed(repr(name) for name in (*NAME_PARTS, 'document'))}]"
RESTORE = f"""
    UPDATE customers SET version = customers.version + 1, updated_at = clock_timestamp(),
           {assigned({name: _customer_back(name) for name in CUSTOMER_MERGED})}
    FROM ({_LAST}) changed WHERE customers.id = changed.customer_id
    RETURNING customers.id, changed.fields ?| {_OF_NAMES} AS renamed, customers.document,
              {listed(f"customers.{name}" for name in NAME_PARTS)}"""
RENAME = """
    UPDATE customers SET full_name = named.full_name, search_key = named.search_key, sort_key = named.sort_key
    FROM unnest(CAST(:ids AS bigint[]), CAST(:full AS text[]), CAST(:search AS text[]), CAST(:sort AS text[]))
         AS named (id, full_name, search_key, sort_key) WHERE named.id = customers.id"""
RESTORE_ACCOUNTS = f"""
    UPDATE accounts SET version = accounts.version + 1,
           {assigned({name: _back("accounts", name, ACCOUNT_CASTS[name]) for name in ACCOUNT_MERGED})}
    FROM (SELECT entry.key::bigint AS id, entry.value AS fields
          FROM ({_LAST}) last_change, jsonb_each(last_change.accounts) entry) changed
    WHERE accounts.id = changed.id"""
# A datum by which somebody was contacted stays.
DROP_POINTS = f"""
    DELETE FROM contact_points USING ({_LAST}) changed, jsonb_array_elements(changed.points) added
    WHERE contact_points.id = added::bigint AND contact_points.customer_id = changed.customer_id AND NOT EXISTS (
        SELECT FROM contact_attempts WHERE contact_attempts.customer_id = contact_points.customer_id
          AND contact_attempts.value = contact_points.value)"""
DROP_ACCOUNTS = f"""
    DELETE FROM accounts USING ({_LAST}) changed, jsonb_array_elements(changed.new_accounts) added
    WHERE accounts.id = added::bigint AND NOT EXISTS (SELECT FROM cases WHERE cases.account_id = accounts.id)"""
FORGET_CHANGE = f"DELETE FROM import_changes USING ({_LAST}) changed WHERE import_changes.id = changed.id"
TOUCH_CASES = f"""
    UPDATE cases SET version = cases.version + 1, service_state = coalesce(
        (SELECT accounts.service_state FROM accounts WHERE accounts.id = cases.account_id), cases.service_state)
    FROM ({_LAST}) changed WHERE cases.customer_id = changed.customer_id AND cases.status <> 'closed'"""

DROP_CASES = f"""
    DELETE FROM cases USING taken WHERE cases.customer_id = taken.customer_id AND NOT {_WORKED_CASE}"""
UNLINK = """
    DELETE FROM base_members USING taken
    WHERE base_members.customer_id = taken.customer_id AND base_members.base_id = :base AND taken.leaving"""
REMOVE = (
    "DELETE FROM accounts USING taken WHERE accounts.customer_id = taken.customer_id AND taken.removed",
    "DELETE FROM customers USING taken WHERE customers.id = taken.customer_id AND taken.removed",
)
COUNT_TAKEN = """
    SELECT count(*) AS taken, count(*) FILTER (WHERE removed) AS removed,
           count(*) FILTER (WHERE leaving AND NOT removed) AS unlinked, max(customer_id) AS last FROM taken"""
