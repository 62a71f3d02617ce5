"""How a no reads: one status and one sentence for each refusal code, for pages, command line and import alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from flask_babel import gettext

from domain.refused import Refused
from webapp import labels
from webapp.capitals import capitalised
from webapp.dates import worded
from webapp.languages import shown_language
from webapp.typed_codes import account_role_code, choice_code, event_code

FIRST, RULE, UNSEEN, BUSY = 409, 422, 404, 503
TYPED = ("row.", "file.", "account.")


def N_(sentence: str) -> str:  # noqa: N802  # the name by which gettext's tools find what is translated later
    return sentence


class Answer(NamedTuple):
    status: int
    sentence: str


SENTENCES: dict[str, Answer] = {
    "account.email_taken": Answer(RULE, N_("There is already an account with the address %(email)s.")),
    "account.email_unreadable": Answer(RULE, N_("“%(email)s” is not an e-mail address.")),
    "account.name_missing": Answer(RULE, N_("Enter a name.")),
    "account.name_too_long": Answer(RULE, N_("The name is too long: at most %(longest)s characters.")),
    "account.not_there": Answer(UNSEEN, N_("There is no account with the address %(email)s.")),
    "account.role_unknown": Answer(RULE, N_("“%(role)s” is not a role. Roles are: %(allowed)s.")),
    "chronicle.command_twice": Answer(RULE, N_("The same entry was sent twice in one go. Nothing was stored.")),
    "chronicle.partly_recorded": Answer(
        FIRST,
        N_("A part of this was recorded before and a part was not. Nothing was stored: look at the register first."),
    ),
    "chronicle.someone_was_first": Answer(
        FIRST, N_("Somebody recorded something here while you were writing. Look at it, then decide whether to go on.")
    ),
    "chronicle.version_missing": Answer(
        FIRST, N_("This form belongs to a state that is not recorded. Load the page again, then try once more.")
    ),
    "coalition.dissolved": Answer(
        RULE, N_("The coalition was dissolved (%(ended)s): %(event)s on %(on)s cannot have come after it.")
    ),
    "coalition.ends_before": Answer(
        RULE, N_("%(event)s: %(end)s lies before %(on)s, when it begins. Check both dates.")
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
    "coalition.umbrella_not_joined": Answer(
        RULE, N_("The coalition cannot have left (%(on)s) what it had not joined before.")
    ),
    "date.ambiguous": Answer(RULE, N_("This date can be read in two ways. Write one of: %(readings)s.")),
    "date.empty_end": Answer(RULE, N_("“%(text)s” has no end. If the end is not known, write “%(instead)s”.")),
    "date.empty_start": Answer(
        RULE, N_("“%(text)s” has no beginning. If the beginning is not known, write “%(instead)s”.")
    ),
    "date.missing": Answer(RULE, N_("Enter a date.")),
    "date.no_such_day": Answer(RULE, N_("“%(text)s”: there is no such day in the calendar.")),
    "date.not_edtf": Answer(RULE, N_("In a file “%(text)s” is written “%(instead)s”.")),
    "date.reversed": Answer(RULE, N_("“%(text)s” ends before it begins.")),
    "date.unreadable": Answer(
        RULE, N_("“%(text)s” cannot be read as a date. Write for instance 20.06.2011, May 2020, summer 2011 or 2017.")
    ),
    "entry.later_illegal": Answer(
        RULE, N_("Without this entry a later one would be impossible: %(event)s on %(on)s. Change that one first.")
    ),
    "entry.not_there": Answer(UNSEEN, N_("There is no such entry.")),
    "entry.only_struck": Answer(RULE, N_("A correction cannot be corrected, only struck out.")),
    "entry.superseded": Answer(FIRST, N_("This entry has been corrected or struck out already.")),
    "entry.unreadable": Answer(RULE, N_("This cannot be stored, because it could not be read again: %(why)s.")),
    "file.empty": Answer(RULE, N_("The file is empty. It needs a first row with the names of the columns.")),
    "file.missing_column": Answer(RULE, N_("The column “%(column)s” is missing.")),
    "file.no_rows": Answer(RULE, N_("The file has names of columns and no rows.")),
    "file.not_utf_8": Answer(RULE, N_("The file is not written in UTF-8 (row %(row)s). Save it as “CSV UTF-8”.")),
    "file.repeated_column": Answer(RULE, N_("The column “%(column)s” stands there twice.")),
    "file.unknown_column": Answer(RULE, N_("There is no column “%(column)s”. Did you mean: %(allowed)s?")),
    "file.unreadable_row": Answer(
        RULE, N_("The file cannot be read at row %(row)s (%(why)s). Look for a quotation mark that is not closed.")
    ),
    "file.workbook": Answer(RULE, N_("This is a workbook and no CSV file. Save it as “CSV UTF-8”.")),
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
    "membership.of_itself": Answer(
        RULE, N_("%(event)s on %(on)s is not possible: a coalition cannot be a member of itself.")
    ),
    "membership.same_role": Answer(RULE, N_("This is the role already (%(state)s since %(since)s).")),
    "membership.same_scope": Answer(RULE, N_("The same rights are suspended already (since %(since)s).")),
    "membership.scope_missing": Answer(RULE, N_("Say which rights are suspended.")),
    "membership.was_in_before": Answer(
        RULE,
        N_(
            "Who was in before (%(state)s since %(since)s) is readmitted, so that the gap stays visible. "
            "Possible now: %(allowed)s."
        ),
    ),
    "moment.not_one_day": Answer(
        RULE, N_("“%(text)s” is not one day. Write the day in full, for instance 2016-06-01.")
    ),
    "moment.past": Answer(RULE, N_("Nothing can be recorded while a page shows another moment. Go back to now first.")),
    "moment.unreadable_instant": Answer(
        RULE, N_("“%(text)s” cannot be read as a day and time. Write for instance 2024-03-01T12:00.")
    ),
    "name.fits_several": Answer(
        RULE, N_("“%(name)s” is the name of several organisations. Use a name that only one had.")
    ),
    "name.given_up_before": Answer(
        RULE,
        N_(
            "“%(name)s” was given up (%(since)s) before “%(before)s” took this name (%(on)s): these are two "
            "organisations. Check the dates, or use names that only one had."
        ),
    ),
    "name.never_in_but_like": Answer(
        RULE, N_("“%(name)s” is not known, and no row says when it came in. Did you mean: %(nearest)s?")
    ),
    "name.not_a_coalition": Answer(
        RULE, N_("“%(name)s” is an organisation, and nothing is recorded of its life as a coalition. Check the column.")
    ),
    "name.of_another": Answer(
        RULE, N_("“%(name)s” is the name of another organisation already: “%(before)s” cannot take it.")
    ),
    "name.taken_by_two": Answer(RULE, N_("Two organisations take the name “%(name)s”: %(names)s.")),
    "name.unknown": Answer(RULE, N_("“%(name)s” is not known yet. Say yes to register it.")),
    "name.unknown_but_like": Answer(
        RULE, N_("“%(name)s” is not known. Did you mean: %(nearest)s? Otherwise say yes to register it.")
    ),
    "organisation.already_registered": Answer(FIRST, N_("This organisation is registered already.")),
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
    "organisation.same_name": Answer(
        RULE, N_("%(event)s on %(on)s is not possible: “%(called)s” is the name already (since: %(since)s).")
    ),
    "organisation.successor_gone": Answer(
        RULE, N_("%(event)s on %(on)s is not possible: the other organisation was gone by then (%(state)s, %(since)s).")
    ),
    "organisation.unknown": Answer(UNSEEN, N_("There is no such organisation.")),
    "password.own_name": Answer(
        RULE, N_("This password is little more than a name or an address. Choose another one.")
    ),
    "password.too_long": Answer(RULE, N_("The password is too long: at most %(longest)s characters.")),
    "password.too_short": Answer(RULE, N_("The password is too short: at least %(shortest)s characters.")),
    "password.well_known": Answer(RULE, N_("This password is well known and easily guessed. Choose another one.")),
    "row.decision_parts": Answer(
        RULE,
        N_("A decision is written “body; minutes number; item”. A part with a semicolon of its own is quoted."),
    ),
    "row.event_missing": Answer(RULE, N_("Say what happened, for instance “joined”.")),
    "row.missing": Answer(RULE, N_("“%(column)s” is needed for “%(event)s”.")),
    "row.not_used": Answer(RULE, N_("“%(column)s” means nothing for “%(event)s”. Leave it empty.")),
    "row.not_utf_8": Answer(RULE, N_("This is not written in UTF-8. Save the file as “CSV UTF-8”.")),
    "row.quotes": Answer(RULE, N_("A quotation mark in “%(text)s” is not closed.")),
    "row.too_long": Answer(RULE, N_("The row has %(cells)s cells, and there are only %(columns)s columns.")),
    "row.twice": Answer(RULE, N_("This row is the same as row %(same_as)s. Take one of them out.")),
    "row.unknown_choice": Answer(RULE, N_("“%(text)s” is not possible here. Possible are: %(allowed)s.")),
    "row.unknown_column": Answer(RULE, N_("There is no such column.")),
    "row.unknown_event": Answer(RULE, N_("“%(text)s” is not known. Did you mean: %(allowed)s?")),
    "text.missing": Answer(RULE, N_("Write something here.")),
    "text.too_long": Answer(RULE, N_("This is too long: %(length)s characters, at most %(limit)s.")),
    "text.unreadable": Answer(RULE, N_("There is a character that is no text (%(character)s). Take it out.")),
}


def status_of(refused: Refused) -> int:
    return SENTENCES[refused.code].status


def sentence(refused: Refused) -> str:
    """What the refusal says, in the language of who reads it; English outside a page."""
    text = gettext(SENTENCES[refused.code].sentence)
    told = text % Details({name: _shown(refused, name, value) for name, value in refused.details.items()})
    return capitalised(told, shown_language())


class Details(dict[str, str]):
    """What a refusal did not tell is left open in its sentence."""

    def __missing__(self, name: str) -> str:
        return "…"


def _shown(refused: Refused, name: str, value: Any) -> str:
    if name in DATES:
        return _date(value)
    if refused.code.startswith(TYPED):
        return _listed(_typed(refused, name), value)
    return WORDED.get(name, _plain)(value)


def _typed(refused: Refused, name: str) -> Callable[[Any], str]:
    """What is typed into a file or a command stays as it is typed."""
    if name == "event" or (name == "allowed" and refused.code == "row.unknown_event"):
        return event_code
    if name == "allowed" and refused.code == "row.unknown_choice":
        return lambda code: choice_code(code, refused.details["column"])
    if name == "allowed" and refused.code == "account.role_unknown":
        return account_role_code
    return str


def _plain(value: Any) -> str:
    return _listed(str, value)


def _listed(show: Callable[[Any], str], value: Any) -> str:
    several = isinstance(value, Iterable) and not isinstance(value, str)
    return ", ".join(map(show, value)) if several else show(value)


def _date(text: str) -> str:
    return worded(text, shown_language()) if text else gettext("an unknown day")


def _event(name: str) -> str:
    """Codes of membership events come short ("suspended"), the others whole ("coalition.founded")."""
    return labels.entry(name if "." in name else f"membership.{name}") if name else "…"


def _state(label: str) -> str:
    """ "member, suspended": what it is, and how it is. Of an organisation that lives on it may be its name."""
    said = {**labels.ROLES, **labels.STANDINGS}
    parts = label.split(", ")
    return ", ".join(gettext(said[part]) for part in parts) if said.keys() >= set(parts) else label


DATES = frozenset(("on", "since", "opens", "closes", "end", "first", "ended", "later_on"))
WORDED: dict[str, Callable[[Any], str]] = {
    "event": _event,
    "later": _event,
    "state": _state,
    "allowed": lambda events: _listed(_event, events) or gettext("nothing"),
    "readings": lambda dates: " · ".join(f"{text} ({_date(text)})" for text in dates),
}
