"""How a no reads about campaigns, their actions, programmes and projects."""

from __future__ import annotations

from webapp.labels import N_
from webapp.refusal_sentences.answer import FIRST, RULE, UNSEEN, Answer

SENTENCES = {
    "action.no_number_of_people": Answer(
        RULE, N_("A number of people is a whole number, and never below 0. Leave it empty if nobody counted.")
    ),
    "action.no_such_organisation": Answer(
        RULE, N_("No organisation has a name like “%(name)s”. Write any of its names, or have it registered first.")
    ),
    "action.only_once": Answer(
        FIRST, N_("This action is logged already (%(since)s). Correct that entry, or log another action.")
    ),
    "action.part_exceeds_all": Answer(
        RULE, N_("%(part)s are more than all participants (%(all)s). Check both numbers, or leave one empty.")
    ),
    "action.which_organisation": Answer(RULE, N_("No organisation is called “%(name)s”. Tick the one that you mean.")),
    "action.unknown": Answer(UNSEEN, N_("There is no such action.")),
    "campaign.later_change_illegal": Answer(
        RULE,
        N_(
            "%(event)s on %(on)s would make a later entry impossible: %(later)s on %(later_on)s. "
            "Strike that one out or correct it first."
        ),
    ),
    "campaign.no_such_decision_maker": Answer(
        RULE,
        N_(
            "%(event)s on %(on)s is not possible: this is no decision-maker of the campaign yet. "
            "Name it as one first; the date does not matter."
        ),
    ),
    "campaign.no_such_promise": Answer(
        RULE, N_("%(event)s on %(on)s is not possible: no such promise had been made by then. Check the date.")
    ),
    "campaign.not_now": Answer(
        RULE, N_("%(event)s on %(on)s is not possible: %(state)s since %(since)s. Possible then: %(allowed)s.")
    ),
    "campaign.partner_not_now": Answer(
        RULE, N_("%(event)s on %(on)s is not possible: %(state)s on that day. Possible then: %(allowed)s.")
    ),
    "campaign.plan_needed": Answer(
        RULE,
        N_(
            "The plan of the campaign cannot be taken out: other entries of the campaign stand on it, the first of "
            "them %(event)s on %(on)s. Strike those out first, or correct the plan."
        ),
    ),
    "campaign.planned_already": Answer(
        RULE, N_("The campaign is planned already (%(since)s). Correct that entry instead.")
    ),
    "campaign.unknown": Answer(UNSEEN, N_("There is no such campaign.")),
    "entry.named_by_others": Answer(
        RULE,
        N_(
            "This cannot be taken out: other entries speak of it (%(count)s), the first of them %(event)s on %(on)s. "
            "Strike those out first."
        ),
    ),
    "entry.only_alternative": Answer(
        RULE,
        N_(
            "There is nothing yet beside which this account could stand (%(event)s, %(on)s). "
            "Record first the account that counts."
        ),
    ),
    "programme.ends_before": Answer(
        RULE, N_("%(event)s on %(on)s lies before its beginning (%(since)s). Check both dates.")
    ),
    "programme.opening_needed": Answer(
        RULE,
        N_(
            "The opening of the programme cannot be taken out: other entries stand on it, the first of them %(event)s "
            "on %(on)s. Strike those out first, or correct the opening."
        ),
    ),
    "programme.only_once": Answer(FIRST, N_("%(event)s is recorded already (%(since)s). Correct that entry instead.")),
    "programme.unknown": Answer(UNSEEN, N_("There is no such programme.")),
    "project.counted_already": Answer(
        RULE, N_("This action is counted for this indicator already. An action counts once.")
    ),
    "project.ends_before": Answer(
        RULE, N_("%(event)s on %(on)s lies before its beginning (%(since)s). Check both dates.")
    ),
    "project.no_number": Answer(
        RULE, N_("“%(text)s” is not a number. Write figures, with a point before decimals, for instance 12 or 12.5.")
    ),
    "project.no_such_indicator": Answer(
        RULE, N_("%(event)s on %(on)s is not possible: the project has no such indicator. Set it first.")
    ),
    "project.opening_needed": Answer(
        RULE,
        N_(
            "The opening of the project cannot be taken out: other entries stand on it, the first of them %(event)s "
            "on %(on)s. Strike those out first, or correct the opening."
        ),
    ),
    "project.only_once": Answer(FIRST, N_("%(event)s is recorded already (%(since)s). Correct that entry instead.")),
    "project.unknown": Answer(UNSEEN, N_("There is no such project.")),
}
