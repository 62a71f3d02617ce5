"""What is each field of an entry called, in the language of who reads it?"""

from __future__ import annotations

from flask_babel import gettext

from domain.entry import Entry
from webapp import field_names_of_work
from webapp.labels import N_

FIELDS = {
    "coalition_id": N_("Coalition"),
    "organisation_id": N_("Organisation"),
    "successor_id": N_("Successor"),
    "other_id": N_("The same as"),
    "umbrella_id": N_("Umbrella"),
    "holder_id": N_("Holder"),
    "into": N_("Into"),
    "role": N_("Role"),
    "scope": N_("Rights concerned"),
    "reason": N_("Reason"),
    "review_by": N_("To be reviewed by"),
    "until": N_("Until"),
    "effective": N_("Last day of membership"),
    "called": N_("Name"),
    "language": N_("Language"),
    "kind": N_("Kind of organisation"),
    "country": N_("Country"),
    "region": N_("Region"),
    "founded": N_("Founded"),
    "links": N_("Links"),
    "legal_form": N_("Legal form"),
    "office": N_("Office"),
    "result": N_("Result"),
    "post": N_("Post"),
    "convened": N_("How it was called"),
    "called_on": N_("Called on"),
    "present": N_("Members present"),
    "represented": N_("Members represented"),
    "quorum": N_("Quorum"),
    "agenda": N_("Agenda"),
    "item": N_("Item of the agenda"),
    "in_favour": N_("Votes for"),
    "against": N_("Votes against"),
    "abstained": N_("Abstentions"),
    "text": N_("Text"),
    "amount": N_("Amount"),
    "currency": N_("Currency"),
    "period": N_("Period"),
    "for_role": N_("Dues of"),
    "due_by": N_("To be paid by"),
    "person": N_("Person"),
    "email": N_("E-mail address"),
    "telephone": N_("Telephone"),
    "stays_effect": N_("Until the appeal is decided"),
    "of": N_("Entry concerned, in its history"),
    "by": N_("Entry in its place, in its history"),
    "instead_of": N_("Entries set aside, in their history"),
    "initiative": N_("Initiative"),
    "decision": N_("Decision"),
    "source": N_("Source"),
    "note": N_("Note"),
    "variant": N_("Version"),
    **field_names_of_work.FIELDS,
}


def field_name(field: str, kind: type[Entry] = Entry) -> str:
    """In an entry of this kind."""
    own = field_names_of_work.OF_KIND.get(kind, {}).get(field)
    return str(gettext(own or FIELDS[field]))
