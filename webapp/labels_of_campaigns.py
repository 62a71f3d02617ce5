"""What the codes of campaigns, their actions, programmes and projects are called on pages."""

from __future__ import annotations


def N_(label: str) -> str:  # noqa: N802  # the name by which gettext's tools find what is translated later
    return label


CAMPAIGN_STATES = {
    "none": N_("not begun"),
    "planned": N_("planned"),
    "active": N_("active"),
    "paused": N_("paused"),
    "concluded": N_("concluded"),
    "cancelled": N_("cancelled"),
    "partner": N_("a partner"),
    "no_partner": N_("not a partner"),
    "open": N_("open"),
    "closed": N_("closed"),
    "logged": N_("logged"),
}
POLICY_STAGES = {
    "agenda": N_("put on the agenda"),
    "development": N_("a policy is drafted"),
    "adoption": N_("a policy is adopted"),
    "blocking": N_("a policy is stopped"),
    "implementation": N_("a policy is carried out"),
    "monitoring": N_("a policy is watched"),
    "maintenance": N_("a policy is kept"),
}
THEMES = {
    "social": N_("social policy"),
    "gender": N_("gender"),
    "environment": N_("environment"),
    "infrastructure": N_("infrastructure"),
    "housing_utilities": N_("housing and utilities"),
    "health": N_("health"),
    "education": N_("education"),
    "budget_transparency": N_("transparent budgets"),
    "anti_corruption": N_("against corruption"),
    "justice": N_("justice"),
    "equality": N_("equality"),
    "minority_rights": N_("rights of minorities"),
    "freedom_of_information": N_("freedom of information"),
    "self_government": N_("self-government"),
    "other": N_("another theme"),
}
AUTHORITY_LEVELS = {
    "local": N_("local authorities"),
    "regional": N_("regional authorities"),
    "national": N_("national authorities"),
    "international": N_("international bodies"),
}
INFLUENCES = {"high": N_("great influence"), "medium": N_("some influence"), "low": N_("little influence")}
STANCES = {
    "champion": N_("champion"),
    "ally": N_("ally"),
    "undecided": N_("undecided"),
    "opposed": N_("opposed"),
    "strongly_opposed": N_("strongly opposed"),
}
RESPONSES = {
    "favourable": N_("favourable"),
    "commitment": N_("a commitment"),
    "counter": N_("a counter-proposal"),
    "more_information": N_("more information wanted"),
    "token": N_("a token answer"),
    "none": N_("no answer"),
}
PARTNER_ROLES = {
    "partner": N_("partner"),
    "organiser": N_("organiser"),
    "community": N_("community"),
    "expert": N_("expert"),
    "media": N_("media partner"),
    "supporter": N_("supporter"),
    "other": N_("another part"),
}
PROGRESSES = {
    "not_started": N_("not started"),
    "started": N_("started"),
    "partially_implemented": N_("kept in part"),
    "implemented": N_("kept"),
    "deferred": N_("put off"),
    "broken": N_("broken"),
}
RESULTS = {
    "achieved": N_("goal reached"),
    "partly_achieved": N_("goal reached in part"),
    "not_achieved": N_("goal not reached"),
}
SIGNIFICANCES = {"high": N_("of great weight"), "medium": N_("of some weight"), "low": N_("of little weight")}
CONFIDENTIALITIES = {
    "public": N_("everybody who signs in"),
    "coalition": N_("everybody but viewers"),
    "organisation": N_("the organisations of the campaign"),
    "team": N_("the team alone"),
}
CONCERNS = {
    "before_campaign": N_("before the campaign began"),
    "after_campaign": N_("after the campaign ended"),
    "not_a_member": N_("by who was not a member on that day"),
}
ACTION_KINDS = {
    "meeting": N_("meeting"),
    "briefing": N_("briefing"),
    "letter": N_("letter"),
    "petition": N_("petition"),
    "statement": N_("statement"),
    "demonstration": N_("demonstration"),
    "public_hearing": N_("public hearing"),
    "media": N_("media appearance"),
    "publication": N_("publication"),
    "research": N_("research"),
    "monitoring_visit": N_("monitoring visit"),
    "training": N_("training"),
    "forum": N_("forum"),
    "networking": N_("networking"),
    "mentoring": N_("mentoring"),
    "small_grant": N_("small grant"),
    "legal_aid_day": N_("legal aid day"),
    "community_meeting": N_("community meeting"),
    "other": N_("another action"),
}
DIRECTIONS = {
    "medical": N_("medical"),
    "education": N_("education"),
    "self_government": N_("self-government"),
    "advocacy": N_("advocacy"),
    "legal": N_("legal"),
    "anti_corruption": N_("against corruption"),
    "social": N_("social"),
    "environment": N_("environment"),
    "equality": N_("equality"),
    "monitoring": N_("monitoring"),
    "other": N_("another direction"),
}
ENTRIES = {
    "campaign.planned": N_("campaign planned"),
    "campaign.launched": N_("campaign launched"),
    "campaign.paused": N_("campaign paused"),
    "campaign.resumed": N_("campaign resumed"),
    "campaign.concluded": N_("campaign concluded"),
    "campaign.cancelled": N_("campaign cancelled"),
    "campaign.retitled": N_("campaign retitled"),
    "campaign.confidentiality_changed": N_("who may know of the campaign"),
    "campaign.goal_set": N_("goal set"),
    "campaign.decision_maker_named": N_("decision-maker named"),
    "campaign.stance_changed": N_("change of stance"),
    "campaign.decision_maker_responded": N_("response of a decision-maker"),
    "campaign.partner_joined": N_("partner joined"),
    "campaign.partner_left": N_("partner left"),
    "campaign.promise_made": N_("promise"),
    "campaign.promise_updated": N_("progress of a promise"),
    "campaign.outcome_recorded": N_("outcome"),
    "campaign.funding_received": N_("funding"),
    "campaign.evaluated": N_("evaluation"),
    "campaign.action_logged": N_("action"),
    "programme.opened": N_("programme opened"),
    "programme.closed": N_("programme closed"),
    "project.opened": N_("project opened"),
    "project.indicator_set": N_("indicator set"),
    "project.indicator_reached": N_("indicator reached"),
    "project.reported": N_("project reported"),
    "project.closed": N_("project closed"),
}
