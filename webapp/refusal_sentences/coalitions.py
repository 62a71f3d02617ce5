"""How a no reads about the life of coalitions."""

from __future__ import annotations

from webapp.labels import N_
from webapp.refusal_sentences.answer import RULE, Answer

SENTENCES = {
    "coalition.dissolved": Answer(
        RULE, N_("The coalition was dissolved (%(ended)s): %(event)s on %(on)s cannot have come after it.")
    ),
    "coalition.ends_before": Answer(
        RULE, N_("%(event)s: %(end)s lies before %(on)s, when it begins. Check both dates.")
    ),
    "coalition.founding_needed": Answer(
        RULE,
        N_(
            "The beginning of the coalition cannot be taken out: it has members (%(count)s: %(who)s), the first since "
            "%(on)s. Correct its date instead."
        ),
    ),
    "coalition.members_after": Answer(
        RULE,
        N_(
            "The coalition cannot have ended on %(since)s: %(event)s is recorded for %(on)s (%(who)s). "
            "Correct that one too, or check the date."
        ),
    ),
    "coalition.members_before": Answer(
        RULE,
        N_(
            "The coalition cannot have begun on %(since)s: %(event)s is recorded for %(on)s already (%(who)s). "
            "Correct that one too, or check the date."
        ),
    ),
    "coalition.no_such_assembly": Answer(
        RULE, N_("%(event)s on %(on)s is not possible: no assembly is recorded that can have passed it then.")
    ),
    "coalition.only_once": Answer(
        RULE,
        N_(
            "%(event)s on %(on)s is not possible: it happens only once, and is recorded already (%(since)s). "
            "Possible now: %(allowed)s."
        ),
    ),
    "coalition.prepared_after_founding": Answer(
        RULE, N_("%(event)s on %(on)s cannot come after the founding (%(since)s). Check both dates.")
    ),
    "coalition.umbrella_already_joined": Answer(
        RULE, N_("The coalition cannot join (%(on)s) what it belongs to already (since %(since)s).")
    ),
    "coalition.umbrella_circle": Answer(
        RULE,
        N_(
            "The coalition would be under itself: it joins (%(on)s) an umbrella that is under it at the same time "
            "(%(who)s). Check the dates, or which of them left."
        ),
    ),
    "coalition.umbrella_not_joined": Answer(
        RULE, N_("The coalition cannot have left (%(on)s) what it had not joined before.")
    ),
}
