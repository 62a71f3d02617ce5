"""What may who asks see? By the role, the organisation that the person belongs to, and the teams."""

from __future__ import annotations

from flask import g

from projections import campaigns, projects, timeline
from projections.sight import ALL, LEAST, Sight
from webapp import who
from webapp.accounts import Account
from webapp.at_moment import reading
from webapp.teams import Teams

SEES_ALL = ("auditor",)
SEES_ORGANISATIONS = ("administrator",)


def sight() -> Sight:
    """Asked once a request, and anew for the next one: what was taken from somebody is gone at once."""
    if "sight" not in g:
        account = who.account()
        g.sight = of(account) if account else LEAST
    found: Sight = g.sight
    return found


def of(account: Account) -> Sight:
    if account.role in SEES_ALL:
        return ALL
    with reading() as connection:
        belongs = frozenset(
            campaigns.concerning(connection, account.organisation_id)
            | projects.concerning(connection, account.organisation_id)
            if account.organisation_id
            else ()
        )
        begun = timeline.begun_by(connection, account.id)
    base = {"viewer": "public"}.get(account.role, "coalition")
    if account.role in SEES_ORGANISATIONS:
        base = "organisation"
    return Sight(base=base, organisation=belongs, team=begun | Teams(who.stores().accounts).of(account.id))  # type: ignore[arg-type]  # levels, as they are named above
