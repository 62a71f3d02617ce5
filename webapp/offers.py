"""Among what is there to choose in a field that names something recorded: whom, which programme, which action?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import Connection

from domain.campaign_entries import DecisionMakerNamed, PartnerJoined
from domain.entry import Entry
from domain.history import holding
from projections import actions, organisations, programmes
from webapp.at_moment import reading
from webapp.dates import worded
from webapp.languages import shown_language
from webapp.moments import at
from webapp.names import Names
from webapp.shown import begun
from webapp.sight import sight
from webapp.titles import titles

Choices = Sequence[tuple[str, str]]
MOST_ACTIONS = 200


def among(of: str, history: Sequence[Entry], chosen: str) -> Choices:
    """Codes and what they are called; what stands there already stays among them."""
    with reading() as connection:
        found = list(OFFERED[of](connection, history))
        if is_id(chosen) and all(code != chosen for code, _ in found):
            found.append((chosen, called(connection, of, UUID(chosen))))
    return found


def called(connection: Connection, of: str, id: UUID) -> str:
    """An action that is not for who asks is not named."""
    if of == "action_id":
        is_seen = actions.action(connection, id, sight=sight()) is not None
        return titles().on(id) if is_seen else str(gettext("as it is recorded"))
    return titles().on(id) or Names(connection).on(id)


def is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def decision_makers(connection: Connection, history: Sequence[Entry]) -> Choices:
    return named(connection, [e.authority_id for e in holding(tuple(history)) if isinstance(e, DecisionMakerNamed)])


def partners(connection: Connection, history: Sequence[Entry]) -> Choices:
    return named(connection, [e.partner_id for e in holding(tuple(history)) if isinstance(e, PartnerJoined)])


def coalitions(connection: Connection, _history: Sequence[Entry]) -> Choices:
    return named(connection, [one.id for one in organisations.coalitions(connection, at().today)])


def named(connection: Connection, ids: Iterable[UUID]) -> Choices:
    names = Names(connection)
    return [(str(id), names.on(id, at().today)) for id in dict.fromkeys(ids)]


def programmes_there(connection: Connection, _history: Sequence[Entry]) -> Choices:
    found = [one for one in programmes.find(connection) if one.closed is None]
    names = Names(connection)
    titles().look_up(one.id for one in found)
    return [(str(one.id), f"{titles().on(one.id)} ({names.on(one.organisation_id, at().today)})") for one in found]


def actions_there(connection: Connection, history: Sequence[Entry]) -> Choices:
    """The newest of a campaign; of a project, of all that may be seen."""
    campaign_id = history[0].originator_id if history and history[0].stored_name().startswith("campaign.") else None
    found = actions.find(connection, limit=MOST_ACTIONS, sight=sight(), campaign_id=campaign_id)
    titles().look_up(one.id for one in found)
    return [(str(one.id), f"{worded(one.occurred, shown_language())}: {begun(titles().on(one.id))}") for one in found]


OFFERED: dict[str, Callable[[Connection, Sequence[Entry]], Choices]] = {
    "authority_id": decision_makers,
    "partner_id": partners,
    "coalition_id": coalitions,
    "programme_id": programmes_there,
    "action_id": actions_there,
}
