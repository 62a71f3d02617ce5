"""What was logged before: by this person, for the next form; and what says the same as a form that is sent."""

from __future__ import annotations

from uuid import UUID

from domain.action import ActionLogged
from domain.campaign import OPEN
from domain.membership_entries import bounds
from projections import actions, campaigns, timeline
from webapp.action_forms import Said
from webapp.amending_entries import LARGEST, signed_in
from webapp.at_moment import reading
from webapp.entry_lines import EntryLine, lines_at, recorded_at
from webapp.logged_campaign import title_of
from webapp.moments import at
from webapp.sight import sight

MOST_ALIKE = 30


def last_logged() -> ActionLogged | None:
    """The last action that who asks has logged, and can still see."""
    with reading() as connection:
        position = timeline.last_logged_by(connection, signed_in().id, sight=sight())
    entry = recorded_at([position])[position].entry if position else None
    return entry if isinstance(entry, ActionLogged) else None


def open_campaigns() -> list[tuple[UUID, str]]:
    """Those for which somebody may log something today, by title."""
    with reading() as connection:
        found = campaigns.find(connection, at().today, sight=sight())
    titled = {one.id: one.title_position for one in found if {*OPEN} & {*one.states}}
    entries = recorded_at(titled.values())
    called = {id: getattr(entries[position].entry, "title", "") or title_of(()) for id, position in titled.items()}
    return sorted(called.items(), key=lambda one: one[1].casefold())


def alike(campaign_id: UUID, said: Said) -> EntryLine | None:
    """What was logged of this campaign with the same date, kind and words, if who asks sees it."""
    earliest, latest = bounds(said.occurred)
    with reading() as connection:
        near = actions.of_campaign(
            connection, campaign_id, after=(earliest, latest, LARGEST), limit=MOST_ALIKE, sight=sight()
        )
        same = [one.position for one in near if (one.kind, one.occurred) == (said.fields["kind"], said.occurred.text)]
        for position, recorded in recorded_at(same).items():
            entry = recorded.entry
            if isinstance(entry, ActionLogged) and told(entry.title) == told(said.fields["title"]):
                return next(iter(lines_at(connection, [position])), None)
    return None


def told(title: str) -> str:
    return " ".join(title.casefold().split())
