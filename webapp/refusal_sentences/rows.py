"""How a no reads about files that are imported, their rows, and the names in them."""

from __future__ import annotations

from webapp.labels import N_
from webapp.refusal_sentences.answer import RULE, Answer

SENTENCES = {
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
}
