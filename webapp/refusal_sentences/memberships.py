"""How a no reads about memberships and their dues."""

from __future__ import annotations

from webapp.labels import N_
from webapp.refusal_sentences.answer import RULE, Answer

SENTENCES = {
    "dues.amount_unreadable": Answer(
        RULE,
        N_("“%(text)s” is not an amount of money. Write figures only, for instance 50 or 50.00; it is never negative."),
    ),
    "dues.currency_unknown": Answer(
        RULE, N_("“%(text)s” is not the code of a currency. Write its three capital letters, for instance EUR.")
    ),
    "membership.after_coalition": Answer(
        RULE, N_("The coalition ended on %(closes)s: %(event)s on %(on)s would come after it (%(state)s until then).")
    ),
    "membership.already_applied": Answer(
        RULE, N_("There is an application already (%(since)s). Possible now: %(allowed)s.")
    ),
    "membership.already_in": Answer(
        RULE,
        N_("%(event)s on %(on)s is not possible: already in (%(state)s since %(since)s). Possible now: %(allowed)s."),
    ),
    "membership.already_out": Answer(
        RULE, N_("%(event)s on %(on)s is not possible: no longer in since %(since)s. Possible now: %(allowed)s.")
    ),
    "membership.already_suspended": Answer(
        RULE, N_("Already suspended since %(since)s. To change which rights are suspended, record a change of scope.")
    ),
    "membership.before_coalition": Answer(
        RULE, N_("The coalition began on %(opens)s: nobody can be in it before (%(event)s, %(on)s).")
    ),
    "membership.cannot_be_suspended": Answer(
        RULE,
        N_(
            "Only members and associates can be suspended, not: %(state)s (since %(since)s). Possible now: %(allowed)s."
        ),
    ),
    "membership.end_before_beginning": Answer(
        RULE,
        N_(
            "%(event)s on %(on)s would end a membership before it begins: %(state)s on that day. "
            "Check the date. Possible then: %(allowed)s."
        ),
    ),
    "membership.end_of_organisation": Answer(
        RULE,
        N_(
            "This was recorded with the end of the organisation itself (%(event)s, %(on)s). "
            "Correct it or strike it out there: all its memberships follow."
        ),
    ),
    "membership.ends_before": Answer(RULE, N_("%(end)s lies before %(on)s, when it begins. Check both dates.")),
    "membership.gone": Answer(
        RULE, N_("%(event)s on %(on)s is not possible: %(state)s since %(since)s, and nothing can follow.")
    ),
    "membership.later_change_illegal": Answer(
        RULE,
        N_(
            "%(event)s on %(on)s would make a later entry impossible: %(later)s on %(later_on)s. "
            "Strike that one out or correct it first."
        ),
    ),
    "membership.never_in": Answer(
        RULE,
        N_(
            "%(event)s on %(on)s is not possible: %(state)s on that day, and never in before. "
            "Possible then: %(allowed)s."
        ),
    ),
    "membership.no_appeal": Answer(
        RULE,
        N_("%(event)s on %(on)s is not possible: at that time no appeal waits for its decision. Check the dates."),
    ),
    "membership.no_such_delegate": Answer(
        RULE, N_("%(event)s on %(on)s is not possible: nobody was appointed whom it could replace.")
    ),
    "membership.not_applied": Answer(
        RULE, N_("There is no application on %(on)s: %(state)s. Possible now: %(allowed)s.")
    ),
    "membership.not_in": Answer(
        RULE, N_("%(event)s on %(on)s is not possible: %(state)s on that day. Possible now: %(allowed)s.")
    ),
    "membership.not_now": Answer(
        RULE, N_("%(event)s on %(on)s is not possible: %(state)s since %(since)s. Possible now: %(allowed)s.")
    ),
    "membership.not_suspended": Answer(
        RULE, N_("Not suspended on %(on)s (%(state)s since %(since)s). Possible now: %(allowed)s.")
    ),
    "membership.nothing_to_appeal": Answer(
        RULE,
        N_(
            "%(event)s on %(on)s is not possible: it needs a decision that has effect at that time and is not under "
            "appeal already. Check the dates."
        ),
    ),
    "membership.of_itself": Answer(
        RULE, N_("%(event)s on %(on)s is not possible: a coalition cannot be a member of itself.")
    ),
    "membership.same_role": Answer(RULE, N_("This is the role already (%(state)s since %(since)s).")),
    "membership.same_scope": Answer(RULE, N_("The same rights are suspended already (since %(since)s).")),
    "membership.scope_missing": Answer(RULE, N_("Say which rights are suspended.")),
    "membership.waived_twice": Answer(
        RULE,
        N_(
            "%(event)s on %(on)s is not possible: the dues of this period are waived already. "
            "Correct that entry, or say for which other period."
        ),
    ),
    "membership.was_in_before": Answer(
        RULE,
        N_(
            "Who was in before (%(state)s since %(since)s) is readmitted, so that the gap stays visible. "
            "Possible now: %(allowed)s."
        ),
    ),
}
