"""Every kind of entry that may be recorded."""

from __future__ import annotations

from domain import action, campaign_entries, coalition, history, membership_entries, organisation, programme, project
from domain.entry import Entry

OF_CAMPAIGNS: tuple[type[Entry], ...] = (*campaign_entries.ENTRIES, action.ActionLogged)
EVERY_KIND: tuple[type[Entry], ...] = (
    *history.ENTRIES,
    *organisation.ENTRIES,
    *coalition.ENTRIES,
    *membership_entries.ENTRIES,
    *OF_CAMPAIGNS,
    *programme.ENTRIES,
    *project.ENTRIES,
)
