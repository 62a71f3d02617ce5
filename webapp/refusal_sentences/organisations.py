"""How a no reads about organisations."""

from __future__ import annotations

from webapp.labels import N_
from webapp.refusal_sentences.answer import FIRST, RULE, UNSEEN, Answer

SENTENCES = {
    "organisation.already_registered": Answer(FIRST, N_("This organisation is registered already.")),
    "organisation.already_same": Answer(
        FIRST, N_("These two are joined as the same already (%(state)s, since %(since)s): there is nothing to record.")
    ),
    "organisation.gone": Answer(
        RULE, N_("%(event)s on %(on)s is not possible: %(state)s since %(since)s, and nothing can follow.")
    ),
    "organisation.into_itself": Answer(
        RULE, N_("%(event)s on %(on)s is not possible: an organisation cannot be joined with itself.")
    ),
    "organisation.joined_by_merger_later": Answer(
        RULE,
        N_(
            "%(event)s on %(on)s is not possible: later another organisation merged into it (%(later_on)s). "
            "Strike that one out or correct it first."
        ),
    ),
    "organisation.merged_in_a_circle": Answer(
        RULE,
        N_(
            "%(event)s on %(on)s would close a circle: the other organisation merged itself (%(since)s), "
            "and that leads back to this one."
        ),
    ),
    "organisation.no_such_contact": Answer(
        RULE, N_("%(event)s on %(on)s is not possible: by then this person was not a contact, or no longer.")
    ),
    "organisation.registration_needed": Answer(
        RULE,
        N_(
            "The registration cannot be taken out: other entries speak of this organisation, the first of them "
            "%(event)s on %(on)s (%(who)s). Strike those out first."
        ),
    ),
    "organisation.same_name": Answer(
        RULE, N_("%(event)s on %(on)s is not possible: “%(called)s” is the name already (since: %(since)s).")
    ),
    "organisation.successor_gone": Answer(
        RULE, N_("%(event)s on %(on)s is not possible: the other organisation was gone by then (%(state)s, %(since)s).")
    ),
    "organisation.unknown": Answer(UNSEEN, N_("There is no such organisation.")),
}
