"""How a no reads about dates and moments."""

from __future__ import annotations

from webapp.labels import N_
from webapp.refusal_sentences.answer import RULE, Answer

SENTENCES = {
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
}
