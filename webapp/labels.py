"""What the codes of the domain are called on pages, in the language of who reads them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from flask_babel import get_locale, gettext

from webapp import labels_of_campaigns as of_campaigns


def N_(label: str) -> str:  # noqa: N802  # the name by which gettext's tools find what is translated later
    return label


ROLES = {"member": N_("member"), "associate": N_("associate"), "observer": N_("observer")}
STANDINGS = {
    "good": N_("full rights"),
    "suspended": N_("suspended"),
    "in_arrears": N_("dues unpaid"),
    "leaving": N_("leaving"),
    "applicant": N_("applicant"),
    "former": N_("no longer in"),
    "none": N_("not in"),
    "merged": N_("merged into another organisation"),
    "dissolved": N_("dissolved"),
}
SCOPES = {
    "all": N_("all rights"),
    "vote": N_("voting"),
    "office": N_("offices"),
    "meetings": N_("meetings"),
    "public_statements": N_("public statements"),
}
REASONS = {
    "conflict_of_interest": N_("conflict of interest"),
    "unpaid_dues": N_("unpaid dues"),
    "breach_of_rules": N_("breach of rules"),
    "security": N_("security"),
    "not_renewed": N_("not renewed"),
    "condition_ended": N_("a condition of membership ended"),
    "mistyped": N_("mistyped"),
    "wrong": N_("wrong"),
    "duplicate": N_("recorded twice"),
    "personal_data": N_("personal data"),
    "danger": N_("they put somebody in danger"),
    "mistake": N_("they were written here by mistake"),
    "court_order": N_("order of a court or an authority"),
    "hardship": N_("hardship"),
    "in_kind": N_("paid in kind"),
    "other": N_("another reason"),
}
INITIATIVES = {
    "member": N_("own initiative"),
    "coalition": N_("decision of the coalition"),
    "rule": N_("by rule"),
}
APPEAL_RESULTS = {
    "upheld": N_("the decision stands"),
    "overturned": N_("the decision is overturned"),
    "partly": N_("the decision stands in part"),
}
STAYS = {"no": N_("the decision keeps its effect"), "yes": N_("the decision has no effect")}
OFFICES = {"chair": N_("chair"), "secretariat": N_("secretariat")}
CONVENED = {"first": N_("called for the first time"), "repeat": N_("called again for want of a quorum")}
POSTS = {
    "delegate": N_("delegate"),
    "deputy": N_("deputy"),
    "contact": N_("contact person"),
    "chair": N_("chair"),
    "director": N_("director"),
    "secretary": N_("secretary"),
    "press": N_("press officer"),
    "accounts": N_("accountant"),
}
ORGANISATION_KINDS = {
    "ngo": N_("non-governmental organisation"),
    "community_based": N_("community-based organisation"),
    "charity": N_("charity"),
    "union": N_("union"),
    "informal_group": N_("informal group"),
    "coalition": N_("coalition"),
    "authority": N_("authority"),
    "court": N_("court"),
    "media": N_("media"),
    "donor": N_("donor"),
}
ENTRIES = {
    "membership.joined": N_("joining"),
    "membership.observer_admitted": N_("admission as observer"),
    "membership.role_changed": N_("change of role"),
    "membership.suspended": N_("suspension"),
    "membership.scope_changed": N_("change of scope"),
    "membership.reinstated": N_("reinstatement"),
    "membership.renewed": N_("renewal"),
    "membership.withdrawal_notified": N_("notice of withdrawal"),
    "membership.withdrawal_revoked": N_("notice taken back"),
    "membership.withdrew": N_("withdrawal"),
    "membership.lapsed": N_("lapse"),
    "membership.expelled": N_("expulsion"),
    "membership.readmitted": N_("readmission"),
    "membership.applied": N_("application"),
    "membership.application_withdrawn": N_("application withdrawn"),
    "membership.application_rejected": N_("application rejected"),
    "membership.renewal_missed": N_("renewal missed"),
    "membership.suspension_confirmed": N_("suspension confirmed"),
    "membership.suspension_expired": N_("suspension expired"),
    "membership.reinstatement_requested": N_("request for reinstatement"),
    "membership.decision_appealed": N_("appeal against a decision"),
    "membership.appeal_decided": N_("appeal decided"),
    "membership.delegate_appointed": N_("delegate appointed"),
    "membership.delegate_replaced": N_("delegate replaced"),
    "membership.dues_paid": N_("dues paid"),
    "membership.dues_waived": N_("dues waived"),
    "membership.organisation_merged": N_("member merged away"),
    "membership.organisation_dissolved": N_("member dissolved"),
    "organisation.registered": N_("organisation registered"),
    "organisation.renamed": N_("organisation renamed"),
    "organisation.merged": N_("organisations merged"),
    "organisation.split": N_("organisation split"),
    "organisation.dissolved": N_("organisation dissolved"),
    "organisation.same_as": N_("records joined as the same"),
    "organisation.contact_added": N_("contact added"),
    "organisation.contact_removed": N_("contact removed"),
    "coalition.prepared": N_("preparation"),
    "coalition.founded": N_("founding"),
    "coalition.renamed": N_("coalition renamed"),
    "coalition.agreement_signed": N_("agreement signed"),
    "coalition.incorporated": N_("legal form taken"),
    "coalition.umbrella_joined": N_("umbrella joined"),
    "coalition.umbrella_left": N_("umbrella left"),
    "coalition.office_taken": N_("office taken"),
    "coalition.rules_adopted": N_("rules adopted"),
    "coalition.assembly_held": N_("assembly"),
    "coalition.resolution_passed": N_("resolution"),
    "coalition.dues_set": N_("dues set"),
    "coalition.dissolved": N_("coalition dissolved"),
    **of_campaigns.ENTRIES,
    "entry.struck": N_("entry struck out"),
    "entry.corrected": N_("entry corrected"),
    "entry.variant_preferred": N_("another source preferred"),
    "entry.words_removed": N_("words removed"),
}


def said(label: str) -> str:
    """In the language of who reads it; English outside a page."""
    return said_in(label, str(get_locale() or "en"))


@lru_cache(2_000)
def said_in(label: str, language: str) -> str:  # noqa: ARG001  # the same label reads differently in each
    """The same where the language of who reads is at hand."""
    return str(gettext(label))


def role(code: str | None) -> str:
    return said(ROLES[code]) if code else ""


def standing(code: str) -> str:
    return said(STANDINGS[code])


def scope(codes: Iterable[str] | None) -> str:
    return ", ".join(said(SCOPES[code]) for code in codes or ())


def reason(code: str) -> str:
    return said(REASONS[code])


def initiative(code: str) -> str:
    return said(INITIATIVES[code])


def appeal_result(code: str) -> str:
    return said(APPEAL_RESULTS[code])


def stays_effect(stays: bool) -> str:
    return said(STAYS["yes" if stays else "no"])


def convened(code: str) -> str:
    """How an assembly was called together."""
    return said(CONVENED[code])


def post(code: str) -> str:
    return said(POSTS[code])


def office(code: str) -> str:
    return said(OFFICES[code])


def organisation_kind(code: str) -> str:
    return said(ORGANISATION_KINDS[code]) if code else ""


def theme(codes: Iterable[str]) -> str:
    return ", ".join(said(of_campaigns.THEMES[code]) for code in codes)


def confidentiality(code: str) -> str:
    """Who may know."""
    return said(of_campaigns.CONFIDENTIALITIES[code]) if code else ""


def campaign_state(code: str) -> str:
    return said(of_campaigns.CAMPAIGN_STATES[code])


def policy_stage(code: str) -> str:
    return said(of_campaigns.POLICY_STAGES[code])


def authority_level(code: str) -> str:
    return said(of_campaigns.AUTHORITY_LEVELS[code]) if code else ""


def influence(code: str) -> str:
    return said(of_campaigns.INFLUENCES[code]) if code else ""


def stance(code: str) -> str:
    return said(of_campaigns.STANCES[code])


def response(code: str) -> str:
    return said(of_campaigns.RESPONSES[code])


def partner_role(code: str) -> str:
    return said(of_campaigns.PARTNER_ROLES[code])


def progress(code: str) -> str:
    """Of a promise."""
    return said(of_campaigns.PROGRESSES[code])


def result(code: str) -> str:
    """Of a campaign."""
    return said(of_campaigns.RESULTS[code]) if code else ""


def significance(code: str) -> str:
    return said(of_campaigns.SIGNIFICANCES[code]) if code else ""


def concern(code: str) -> str:
    return said(of_campaigns.CONCERNS[code])


def action_kind(code: str) -> str:
    return said(of_campaigns.ACTION_KINDS[code])


def direction(code: str) -> str:
    return said(of_campaigns.DIRECTIONS[code]) if code else ""


def entry(stored_name: str) -> str:
    """The kind of an entry, as a noun."""
    return said(ENTRIES[stored_name])


def event(code: str) -> str:
    """A change of membership by its event, as forms and refusals name it."""
    return entry(f"membership.{code}")
