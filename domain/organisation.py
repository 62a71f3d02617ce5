"""An organisation: its names through time, mergers, records of the same organisation; and its life as a coalition."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Literal, NamedTuple, Self
from uuid import UUID

from domain.coalition import ENTRIES as COALITION_ENTRIES
from domain.coalition import CoalitionEntry, CoalitionRenamed, Dissolved, begins, check_life
from domain.dates import PartialDate
from domain.entry import E, Entry, Refused, Told
from domain.history import History, holding
from domain.membership_entries import bounds
from domain.texts import name

Kind = Literal[
    "",
    "ngo",
    "community_based",
    "charity",
    "union",
    "informal_group",
    "coalition",
    "authority",
    "court",
    "media",
    "donor",
]

Post = Literal["contact", "chair", "director", "secretary", "press", "accounts"]


class OrganisationEntry(Entry, frozen=True, kw_only=True):
    pass


class OrganisationRegistered(OrganisationEntry, tag="organisation.registered", frozen=True, kw_only=True):
    """`called` is the name, `language` the one it is in (ISO 639-1), `founded` may be unknown."""

    called: str
    language: str = ""
    kind: Kind = ""
    country: str = ""
    region: str = ""
    founded: PartialDate | None = None
    links: tuple[str, ...] = ()


class OrganisationRenamed(OrganisationEntry, tag="organisation.renamed", frozen=True, kw_only=True):
    called: str
    language: str = ""


class OrganisationMerged(OrganisationEntry, tag="organisation.merged", frozen=True, kw_only=True):
    successor_id: UUID


class OrganisationSplit(OrganisationEntry, tag="organisation.split", frozen=True, kw_only=True):
    into: tuple[UUID, ...] = ()


class OrganisationDissolved(OrganisationEntry, tag="organisation.dissolved", frozen=True, kw_only=True):
    pass


class OrganisationSameAs(OrganisationEntry, tag="organisation.same_as", frozen=True, kw_only=True):
    """Two records of one organisation. Not a merger: struck out, both stand alone again."""

    other_id: UUID


class ContactAdded(OrganisationEntry, tag="organisation.contact_added", frozen=True, kw_only=True):
    """Who is written to, from the day of the entry until another one."""

    words = (*Entry.words, "person", "email", "telephone")

    post: Post = "contact"
    until: PartialDate | None = None
    person: str = ""
    email: str = ""
    telephone: str = ""


class ContactRemoved(OrganisationEntry, tag="organisation.contact_removed", frozen=True, kw_only=True):
    """No longer who was added at version `of`."""

    of: int


ENTRIES: tuple[type[Entry], ...] = (
    OrganisationRegistered,
    OrganisationRenamed,
    OrganisationMerged,
    OrganisationSplit,
    OrganisationDissolved,
    OrganisationSameAs,
    ContactAdded,
    ContactRemoved,
)
Ended = OrganisationMerged | OrganisationDissolved
Naming = OrganisationRegistered | OrganisationRenamed | CoalitionRenamed


class Named(NamedTuple):
    """A name and the entry that gave it. The first name holds from the beginning."""

    called: str
    by: Entry
    since: PartialDate | None

    @property
    def since_text(self) -> str:
        """Of the first name the founding, or the day from which there is a record of it."""
        since = self.since or getattr(self.by, "founded", None) or self.by.occurred
        return since.text


def natural_key(naming: Naming) -> tuple[int, int, str, str]:
    return *bounds(naming.occurred), naming.called, naming.language


def names(entries: tuple[Entry, ...]) -> list[Named]:
    """The names in the natural order of their dates; where the day of a renaming is not known it comes right after the
    first name."""
    naming = [e for e in holding(entries) if isinstance(e, Naming)]
    first = [e for e in naming if isinstance(e, OrganisationRegistered)]
    renamed = sorted((e for e in naming if not isinstance(e, OrganisationRegistered)), key=natural_key)
    return [*(Named(e.called, e, None) for e in first), *(Named(e.called, e, e.occurred) for e in renamed)]


class Organisation(History, frozen=True, kw_only=True):
    """All that was recorded of one organisation, also as a coalition."""

    @property
    def names(self) -> list[Named]:
        return names(self.entries)

    @property
    def is_coalition(self) -> bool:
        return any(
            isinstance(e, CoalitionEntry) or (isinstance(e, OrganisationRegistered) and e.kind == "coalition")
            for e in holding(self.entries)
        )

    @property
    def ended(self) -> Ended | None:
        """The entry that says it merged away or was dissolved."""
        return next((e for e in holding(self.entries) if isinstance(e, Ended)), None)

    @property
    def begins(self) -> PartialDate | None:
        """As a coalition: its preparation or founding, whichever can be earlier."""
        return begins(holding(self.entries))

    @property
    def dissolves(self) -> PartialDate | None:
        """As a coalition: the day on which it was dissolved, or ended in whatever way an organisation ends."""
        ends = [e.occurred for e in holding(self.entries) if isinstance(e, Dissolved | Ended)]
        return min(ends, key=lambda end: (bounds(end)[::-1], end.text), default=None)

    @property
    def present(self) -> dict[str, Any]:
        """Its name and since when it bears it, for a refusal after which nothing else may be recorded instead."""
        *_, named = [Named("", self.entries[0], None), *self.names]
        return {"state": named.called, "since": named.since_text, "allowed": ()}

    def register(self, told: Told, called: str, **fields: Any) -> OrganisationRegistered:
        if self.entries:
            raise Refused(
                "organisation.already_registered",
                id=self.id,
                event=OrganisationRegistered.stored_name(),
                on=told.occurred.text,
                **self.present,
            )
        return self.next(OrganisationRegistered, told, called=name(called), **fields)

    def change(self, kind: type[E], told: Told, /, **fields: Any) -> E:
        """The entry to record, for instance `organisation.change(OrganisationRenamed, told, called="…")`."""
        if "called" in fields:
            fields["called"] = name(fields["called"], "new_name")
        new = self.next(kind, told, **fields)
        if not self.entries:
            raise Refused("organisation.unknown", id=self.id)
        if new.variant == "preferred":
            self.after(new).check(new)
        return new

    def check_since(self, before: Self, new: Sequence[Entry]) -> None:
        entries = holding(self.entries)
        if entries and not any(isinstance(e, OrganisationRegistered) for e in entries):
            raise Refused("organisation.unknown", id=self.id)
        self._check_end(entries)
        self._check_names()
        self._check_contacts(entries)
        for e in new:
            if self.id in {getattr(e, field, None) for field in ("successor_id", "other_id", "umbrella_id")}:
                raise Refused(
                    "organisation.into_itself", id=self.id, event=e.stored_name(), on=e.occurred.text, **self.present
                )
        check_life(entries)

    def _check_names(self) -> None:
        for earlier, later in pairwise(self.names):
            if earlier.called == later.called:
                raise Refused(
                    "organisation.same_name", event=later.by.stored_name(), on=later.by.occurred.text,
                    called=later.called, version=later.by.originator_version,
                    state=earlier.called, since=earlier.since_text, allowed=(),
                )  # fmt: skip

    def _check_contacts(self, entries: tuple[Entry, ...]) -> None:
        """Who is no longer a contact was added before, and once at most."""
        added = {e.originator_version: e for e in entries if isinstance(e, ContactAdded)}
        for e in entries:
            if isinstance(e, ContactRemoved):
                contact = added.pop(e.of, None)
                if contact is None or bounds(e.occurred)[1] < bounds(contact.occurred)[0]:
                    raise Refused(
                        "organisation.no_such_contact", event=e.stored_name(), on=e.occurred.text,
                        version=e.originator_version, allowed=(),
                    )  # fmt: skip

    def _check_end(self, entries: tuple[Entry, ...]) -> None:
        ends = [e for e in entries if isinstance(e, Ended)]
        for end in ends[:1]:
            state = end.stored_name().removeprefix("organisation.")
            too_late = (e for e in entries if _is_deed(e) and bounds(e.occurred)[0] > bounds(end.occurred)[1])
            for e in (*ends[1:], *too_late):
                raise Refused(
                    "organisation.gone", event=e.stored_name(), on=e.occurred.text, version=e.originator_version,
                    state=state, since=end.occurred.text, allowed=(),
                )  # fmt: skip


def _is_deed(entry: Entry) -> bool:
    """Of a registration and of joined records the day is that of our own work."""
    return not isinstance(entry, OrganisationRegistered | OrganisationSameAs)


EVERY_ENTRY: tuple[type[Entry], ...] = (*ENTRIES, *COALITION_ENTRIES)
