"""How a no reads: one status and one sentence for each refusal code, for pages, command line and import alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from flask_babel import gettext

from domain.refused import Refused
from webapp import labels
from webapp.capitals import capitalised
from webapp.dates import worded
from webapp.english_dates import with_prepositions
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
    "attachment.damaged": Answer(
        RULE, N_("%(file)s: this picture cannot be read to its end. Save it again, then choose it.")
    ),
    "attachment.empty": Answer(RULE, N_("%(file)s is empty.")),
    "attachment.kind": Answer(
        RULE,
        N_(
            "%(file)s: this kind of file is not taken. Taken are PDF, JPEG, PNG, WebP, DOCX, XLSX, PPTX, ODT, ODS, ODP "
            "and plain text in UTF-8; no archives, no programs, no documents with macros."
        ),
    ),
    "attachment.no_room": Answer(
        RULE, N_("There is no room left on the server for this file. Nothing of it was stored; the form is kept.")
    ),
    "attachment.not_stored": Answer(
        RULE, N_("The file cannot be stored just now. Nothing of it was stored; the form is kept.")
    ),
    "attachment.too_large": Answer(RULE, N_("%(file)s is too large: at most %(most)s MB.")),
    "attachment.too_many_pixels": Answer(
        RULE, N_("%(file)s has too many pixels: at most %(most)s million. Make the picture smaller.")
    ),
    "backup.altered": Answer(RULE, N_("%(file)s was altered since it was made: %(part)s is not what was written.")),
    "backup.being_written": Answer(FIRST, N_("Another backup is being written to %(file)s.")),
    "backup.cut_short": Answer(RULE, N_("%(file)s is no whole backup: it was cut short, or is something else.")),
    "backup.damaged": Answer(
        RULE,
        N_("Entry %(position)s is not as it was recorded. No backup was made. What is wrong says: kronika verify."),
    ),
    "backup.file_there": Answer(RULE, N_("%(file)s is there already. Choose another name: nothing is written over.")),
    "backup.key_file_missing": Answer(
        RULE, N_("The key file %(key_file)s, which opens the keys in %(file)s, is missing. Name it: --key-file FILE.")
    ),
    "backup.key_file_there": Answer(RULE, N_("There is another key file already: %(key_file)s. Move it away first.")),
    "backup.keys_differ": Answer(
        RULE, N_("The vault %(vault)s holds keys that are not in %(file)s. Restore into an empty place.")
    ),
    "backup.living": Answer(
        RULE, N_("There is a register already in %(place)s. Restore into an empty place: nothing is written over.")
    ),
    "backup.newer_form": Answer(
        RULE, N_("%(file)s has form %(found)s, newer than this program knows (%(known)s): update Kronika.")
    ),
    "backup.newer_schema": Answer(
        RULE, N_("%(file)s has schema %(found)s, newer than this program knows (%(known)s): update Kronika.")
    ),
    "backup.other_kind": Answer(
        RULE, N_("%(file)s is the other one of the two files: that of entries comes first, the vault after --vault.")
    ),
    "backup.other_key_file": Answer(
        RULE,
        N_(
            "%(key_file)s does not open the keys in %(file)s. Name the key file of that time, "
            "or a copy of the vault that was made after the key file was changed."
        ),
    ),
    "backup.root_differs": Answer(RULE, N_("The entries of %(file)s are not those that it was made from.")),
    "backup.vault_missing": Answer(
        RULE, N_("There are no keys in %(vault)s to read words with. Name the copy of the vault: --vault FILE.")
    ),
    "chronicle.command_twice": Answer(RULE, N_("The same entry was sent twice in one go. Nothing was stored.")),
    "chronicle.moved_on": Answer(
        FIRST, N_("Somebody recorded something meanwhile. Nothing of this was stored: try once more.")
    ),
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
    "dues.amount_unreadable": Answer(
        RULE,
        N_("“%(text)s” is not an amount of money. Write figures only, for instance 50 or 50.00; it is never negative."),
    ),
    "dues.currency_unknown": Answer(
        RULE, N_("“%(text)s” is not the code of a currency. Write its three capital letters, for instance EUR.")
    ),
    "draft.too_large": Answer(RULE, N_("This is too much to be kept as a draft. Record it, or shorten it.")),
    "draft.too_many": Answer(
        RULE, N_("You have %(most)s drafts already. Record or discard one of them: they are on your desk.")
    ),
    "entry.later_illegal": Answer(
        RULE, N_("Without this entry a later one would be impossible: %(event)s on %(on)s. Change that one first.")
    ),
    "entry.no_words": Answer(
        RULE, N_("This entry has no words that somebody typed. There is nothing to remove; its codes and dates stay.")
    ),
    "entry.not_there": Answer(UNSEEN, N_("There is no such entry.")),
    "entry.counts_already": Answer(RULE, N_("This account counts already: there is nothing to choose.")),
    "entry.nothing_in_conflict": Answer(
        RULE,
        N_("There is no other account in conflict with this one (%(event)s, %(on)s): there is nothing to choose."),
    ),
    "entry.only_struck": Answer(RULE, N_("A correction cannot be corrected, only struck out.")),
    "entry.words_already_removed": Answer(
        FIRST, N_("The words of this entry have been removed already. Its page says when, by whom and why.")
    ),
    "entry.words_stay_removed": Answer(
        RULE,
        N_(
            "Words that were removed cannot be brought back, so their removal is neither struck out nor corrected. "
            "What is missing can be recorded anew."
        ),
    ),
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
    "form.of_another": Answer(
        RULE,
        N_(
            "Somebody else opened this form before you signed in. Nothing was stored: open it again to use it yourself."
        ),
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
    "membership.end_of_organisation": Answer(
        RULE,
        N_(
            "This was recorded with the end of the organisation itself (%(event)s, %(on)s). "
            "Correct it or strike it out there: all its memberships follow."
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
    "membership.no_appeal": Answer(
        RULE,
        N_("%(event)s on %(on)s is not possible: at that time no appeal waits for its decision. Check the dates."),
    ),
    "membership.no_such_delegate": Answer(
        RULE, N_("%(event)s on %(on)s is not possible: nobody was appointed whom it could replace.")
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
    "moment.not_one_day": Answer(
        RULE, N_("“%(text)s” is not one day. Write the day in full, for instance 2016-06-01.")
    ),
    "moment.past": Answer(RULE, N_("Nothing can be recorded while a page shows another moment. Go back to now first.")),
    "moment.period_reversed": Answer(
        RULE, N_("A period ends after its beginning. Choose a later end or an earlier beginning.")
    ),
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
    "password.own_name": Answer(
        RULE, N_("This password is little more than a name or an address. Choose another one.")
    ),
    "password.too_long": Answer(RULE, N_("The password is too long: at most %(longest)s characters.")),
    "password.too_short": Answer(RULE, N_("The password is too short: at least %(shortest)s characters.")),
    "password.well_known": Answer(RULE, N_("This password is well known and easily guessed. Choose another one.")),
    "projection.rebuilding": Answer(
        FIRST, N_("Read tables are being rebuilt already. Wait until that has ended, then begin another one.")
    ),
    "row.decision_parts": Answer(
        RULE,
        N_("A decision is written “body; minutes number; item”. A part with a semicolon of its own is quoted."),
    ),
    "row.event_missing": Answer(RULE, N_("Say what happened, for instance “joined”.")),
    "row.missing": Answer(RULE, N_("“%(column)s” is needed for “%(event)s”.")),
    "row.no_number": Answer(RULE, N_("“%(text)s” is not a whole number. Write for instance 12.")),
    "row.not_used": Answer(RULE, N_("“%(column)s” means nothing for “%(event)s”. Leave it empty.")),
    "row.not_utf_8": Answer(RULE, N_("This is not written in UTF-8. Save the file as “CSV UTF-8”.")),
    "row.quotes": Answer(RULE, N_("A quotation mark in “%(text)s” is not closed.")),
    "row.too_long": Answer(RULE, N_("The row has %(cells)s cells, and there are only %(columns)s columns.")),
    "row.twice": Answer(RULE, N_("This row is the same as row %(same_as)s. Take one of them out.")),
    "row.unknown_choice": Answer(RULE, N_("“%(text)s” is not possible here. Possible are: %(allowed)s.")),
    "row.unknown_column": Answer(RULE, N_("There is no such column.")),
    "row.unknown_event": Answer(RULE, N_("“%(text)s” is not known. Did you mean: %(allowed)s?")),
    "text.missing": Answer(RULE, N_("Write something here.")),
    "text.no_link": Answer(RULE, N_("Write the whole address: it begins with “https://”.")),
    "text.too_long": Answer(RULE, N_("This is too long: %(length)s characters, at most %(limit)s.")),
    "text.unreadable": Answer(RULE, N_("There is a character that is no text (%(character)s). Take it out.")),
    "undo.built_upon": Answer(
        RULE,
        N_("This cannot be undone any more: %(event)s on %(on)s builds upon it. Correct it or strike it out instead."),
    ),
    "undo.not_yours": Answer(RULE, N_("Only who recorded an entry can undo it. It can be corrected or struck out.")),
    "undo.too_late": Answer(
        RULE, N_("An entry can be undone for %(minutes)s minutes. It can still be corrected or struck out.")
    ),
    "upgrade.under_way": Answer(FIRST, N_("Another upgrade or restore is under way. Wait until it is done.")),
    "upgrade.not_the_owner": Answer(
        FIRST,
        N_(
            "The tables belong to the database role %(owner)s, and this is %(role)s. Nothing was changed. "
            "Set KRONIKA_OWNER_URL to the address of %(owner)s."
        ),
    ),
    "key_file.rotating": Answer(FIRST, N_("The key file is being changed by another process just now. Try again.")),
}


def status_of(refused: Refused) -> int:
    return SENTENCES[refused.code].status


def sentence(refused: Refused) -> str:
    """What the refusal says, in the language of who reads it; English outside a page."""
    shown = Details({name: _shown(refused, name, value) for name, value in refused.details.items()})
    dates = {name: words for name, words in shown.items() if name in DATES}
    told = with_prepositions(gettext(SENTENCES[refused.code].sentence), dates) % shown
    once = told.removesuffix(".") if told.endswith("..") else told  # some languages write a dot after a date
    return capitalised(once, shown_language())


class Details(dict[str, str]):
    """What a refusal did not tell is left open in its sentence."""

    def __missing__(self, name: str) -> str:
        return "…"


def _shown(refused: Refused, name: str, value: Any) -> str:
    if name in DATES:
        return _date(value)
    if refused.code.startswith(TYPED):
        return _listed(_typed(refused, name), value)
    if name == "readings" and not refused.details.get("in_file"):
        return " · ".join(map(_date, value))
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
