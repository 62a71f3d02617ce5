"""How a no reads about entries: amended, undone, recorded at the same time."""

from __future__ import annotations

from webapp.labels import N_
from webapp.refusal_sentences.answer import FIRST, RULE, UNSEEN, Answer

SENTENCES = {
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
    "entry.counts_already": Answer(RULE, N_("This account counts already: there is nothing to choose.")),
    "entry.later_illegal": Answer(
        RULE, N_("Without this entry a later one would be impossible: %(event)s on %(on)s. Change that one first.")
    ),
    "entry.no_words": Answer(
        RULE, N_("This entry has no words that somebody typed. There is nothing to remove; its codes and dates stay.")
    ),
    "entry.not_there": Answer(UNSEEN, N_("There is no such entry.")),
    "entry.nothing_in_conflict": Answer(
        RULE,
        N_("There is no other account in conflict with this one (%(event)s, %(on)s): there is nothing to choose."),
    ),
    "entry.only_struck": Answer(RULE, N_("A correction cannot be corrected, only struck out.")),
    "entry.superseded": Answer(FIRST, N_("This entry has been corrected or struck out already.")),
    "entry.unreadable": Answer(RULE, N_("This cannot be stored, because it could not be read again: %(why)s.")),
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
    "undo.built_upon": Answer(
        RULE,
        N_("This cannot be undone any more: %(event)s on %(on)s builds upon it. Correct it or strike it out instead."),
    ),
    "undo.not_yours": Answer(RULE, N_("Only who recorded an entry can undo it. It can be corrected or struck out.")),
    "undo.too_late": Answer(
        RULE, N_("An entry can be undone for %(minutes)s minutes. It can still be corrected or struck out.")
    ),
}
