"""Searching customers to share out: any number of filters, all of them true at once (S4-41…46).

A filter is a field of a fixed list, a condition and a text; nothing of it reaches the database but as a value. The
list is what the table of fields lets be asked for, and what the customer's case and base say.
Texts meet without regard to case and tildes. *Distinto* is everything that is not *igual*, the empty included.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    Text,
    and_,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from ...models.campaigns.campaign import Campaign, ResultNode
from ...models.cases.case import Case, CaseStatus
from ...models.cases.priorities import PRIORITIES, Priority
from ...models.contact.channels import ContactKind
from ...models.customers.customer import Account, BaseMember, ContactPoint, Customer, CustomerBase
from ...models.customers.documents import clean_document, clean_document_type, split_type
from ...models.customers.fields import FIELDS, Kind
from ...models.customers.fields import Field as CustomerField
from ...models.customers.lines import line_of
from ...models.customers.phones import read_phone
from ...models.customers.service_states import SERVICE_STATES, ServiceState
from ...models.people.user import User
from ...models.refused import N_, BadInput


class Op(StrEnum):
    """Condition of a filter (S4-42): igual, contiene, distinto."""

    EQUALS = "equals"
    CONTAINS = "contains"
    DIFFERS = "differs"


class Records(StrEnum):
    """Tipo de registros (S4-48), as seen from the campaign."""

    ALL = "all"
    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"


class Filter(BaseModel):
    """One line of the search: field, condition, text."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    field: str = Field(max_length=120)
    op: Op
    value: str = Field(max_length=200)


@dataclass(frozen=True, slots=True)
class Place:
    """What a field needs to know of where it is asked: the campaign, and the country phones are read in."""

    campaign_id: int
    region: str


# A field turns (op, text, place) into a condition that holds or not, *distinto* left to `condition`.
Rule = Callable[[Op, str, Place], ColumnElement[bool]]

_ACCENTED, _PLAIN = "áàäâãéèëêíìïîóòöôõúùüûñç", "aaaaaeeeeiiiiooooouuuunc"
_FOLDING = str.maketrans(_ACCENTED, _PLAIN)

_SERVICE_NAMES = {state: facts.name for state, facts in SERVICE_STATES.items()}
_PRIORITY_NAMES = {priority: facts.name for priority, facts in PRIORITIES.items()}


def customers_where(filters: list[Filter], records: Records, place: Place) -> ColumnElement[bool]:
    """Which customers pass all filters and are of the wanted kind of records in the campaign.

    Raises BadInput, with the place of the filter, for an unknown field or an empty text where one is needed.
    """
    wanted = [condition(one, place, f"filters[{at}]") for at, one in enumerate(filters)]
    if records is not Records.ALL:
        assigned = _unfinished_case(place).where(Case.agent_id.is_not(None)).exists()
        wanted.append(assigned if records is Records.ASSIGNED else ~assigned)
    return and_(true(), *wanted)


def condition(one: Filter, place: Place, where: str = "filters") -> ColumnElement[bool]:
    """One filter as SQL over `Customer`."""
    text = one.value.strip()
    if one.op is Op.CONTAINS and not text:
        raise BadInput(field=where, sentence=N_("Escriba el texto del filtro."))
    name, _, key = one.field.partition(".")
    if name == "custom" and key:
        found = _text(Customer.custom[key].astext)(Op.EQUALS if one.op is Op.DIFFERS else one.op, text, place)
    elif one.field in RULES:
        found = RULES[one.field](Op.EQUALS if one.op is Op.DIFFERS else one.op, text, place)
    else:
        raise BadInput(field=where, sentence=N_("No se puede buscar por «%(name)s»."), name=one.field)
    return ~func.coalesce(found, False) if one.op is Op.DIFFERS else found


def fold(text: str) -> str:
    """Lower case without tildes, as `_folded` does in the database."""
    return text.strip().lower().translate(_FOLDING)


def _folded(column: SQLColumnExpression[str]) -> ColumnElement[str]:
    return func.translate(func.lower(func.coalesce(column, "")), _ACCENTED, _PLAIN)


def _meets(column: SQLColumnExpression[str], op: Op, text: str) -> ColumnElement[bool]:
    if op is Op.CONTAINS:
        return _folded(column).contains(fold(text), autoescape=True)
    return _folded(column) == fold(text)


def _text(column: SQLColumnExpression[str]) -> Rule:
    return lambda op, text, place: _meets(column, op, text)


def _unfinished_case(place: Place) -> Select[int]:
    """The customer's unfinished cases in the campaign."""
    unfinished = Case.campaign_id == place.campaign_id, Case.status != CaseStatus.CLOSED
    return select(Case.number).select_from(Case).where(Case.customer_id == Customer.id, *unfinished)


def _account(column: SQLColumnExpression[str]) -> Rule:
    """Some account of the customer."""
    return lambda op, text, place: exists().where(Account.customer_id == Customer.id, _meets(column, op, text))


def _word(words: dict[ServiceState, str] | dict[Priority, str], op: Op, text: str) -> list[str]:
    """Members whose code or word on the screen meets the text."""
    asked = fold(text)
    meets = (lambda name: asked in name) if op is Op.CONTAINS else (lambda name: asked == name)
    return [member for member, word in words.items() if meets(fold(word)) or meets(str(member))]


def _service_state(op: Op, text: str, place: Place) -> ColumnElement[bool]:
    states = _word(_SERVICE_NAMES, op, text)
    return exists().where(Account.customer_id == Customer.id, Account.service_state.in_(states))


def _priority(op: Op, text: str, place: Place) -> ColumnElement[bool]:
    ranks = [Priority(word).rank for word in _word(_PRIORITY_NAMES, op, text)]
    return _unfinished_case(place).where(Case.priority.in_(ranks)).exists()


def _phone(op: Op, text: str, place: Place) -> ColumnElement[bool]:
    theirs = exists().where(ContactPoint.customer_id == Customer.id, ContactPoint.line.is_not(None))
    read = read_phone(text, place.region)
    digits = "".join(filter(str.isdigit, text))
    if read:
        return theirs.where(ContactPoint.line == line_of(read.value))
    if not digits:
        return literal(False)
    return theirs.where(ContactPoint.line.contains(digits) if op is Op.CONTAINS else ContactPoint.line == digits)


def _document(op: Op, text: str, place: Place) -> ColumnElement[bool]:
    """The document in any spelling, with or without its type in front."""
    kind, number = split_type(text, place.region)
    of_kind = Customer.document_type.in_((kind, "")) if kind else true()
    return and_(of_kind, _meets(Customer.document, op, _bare(number)))


def _document_type(op: Op, text: str, place: Place) -> ColumnElement[bool]:
    asked = clean_document_type(text, place.region)
    return _meets(Customer.document_type, op, asked)


def _account_number(op: Op, text: str, place: Place) -> ColumnElement[bool]:
    theirs = Account.customer_id == Customer.id
    return exists().where(theirs, _meets(Account.number, op, _bare(text)))


def _bare(number: str) -> str:
    """A document or an account number as it is kept; what cannot be one stays and finds nobody."""
    try:
        return clean_document(number)
    except ValueError:
        return number


def _point(kind: ContactKind) -> Rule:
    """Some contact point of this kind."""
    theirs = ContactPoint.customer_id == Customer.id, ContactPoint.kind == kind
    return lambda op, text, place: exists().where(*theirs, _meets(ContactPoint.value, op, text))


def _result(op: Op, text: str, place: Place) -> ColumnElement[bool]:
    """The last result of the customer's case in this campaign."""
    last = _unfinished_case(place).join(ResultNode, ResultNode.id == Case.last_result_id)
    return last.where(_meets(ResultNode.name, op, text)).exists()


def _agent(op: Op, text: str, place: Place) -> ColumnElement[bool]:
    """Whom the customer's case in this campaign is assigned to, by name or user name."""
    theirs = _unfinished_case(place).join(User, User.id == Case.agent_id)
    return theirs.where(or_(_meets(User.name, op, text), _meets(User.username, op, text))).exists()


def _base(op: Op, text: str, place: Place) -> ColumnElement[bool]:
    member = BaseMember.customer_id == Customer.id, CustomerBase.id == BaseMember.base_id
    return exists().where(*member, CustomerBase.deleted_at.is_(None), _meets(CustomerBase.name, op, text))


def _campaign(op: Op, text: str, place: Place) -> ColumnElement[bool]:
    """The customer has an unfinished case in a campaign of that name."""
    case = aliased(Case)
    theirs = case.customer_id == Customer.id, case.status != CaseStatus.CLOSED, Campaign.id == case.campaign_id
    return exists().where(*theirs, _meets(Campaign.name, op, text))


def _rule_of(field: CustomerField) -> Rule:
    """How a field of the customer is asked for."""
    match field.kind:
        case Kind.WHOLE_NAME:
            return _text(Customer.full_name)
        case Kind.PHONE:
            return _phone
        case Kind.DOCUMENT:
            return _document
        case Kind.DOCUMENT_TYPE:
            return _document_type
        case Kind.ACCOUNT:
            return _account_number
        case Kind.EMAIL:
            return _point(ContactKind.EMAIL)
        case Kind.ADDRESS:
            return _point(ContactKind.ADDRESS)
        case Kind.SERVICE_STATE:
            return _service_state
    stored = cast(field.attribute, Text)  # also of dates and amounts
    return _account(stored) if field.is_of(Account) else _text(stored)


RULES: dict[str, Rule] = {
    **{field.filter.name: _rule_of(field) for field in FIELDS if field.filter},
    "result": _result,
    "priority": _priority,
    "agent": _agent,
    "base": _base,
    "campaign": _campaign,
}
