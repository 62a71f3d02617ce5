"""How a no reads about a JSON Lines file."""

from __future__ import annotations

from webapp.labels import N_
from webapp.refusal_sentences.answer import RULE, Answer

SENTENCES = {
    "file.no_jsonl": Answer(
        RULE, N_("This is no JSON Lines file: it needs one JSON object on each line, written in UTF-8.")
    ),
    "file.no_lines": Answer(RULE, N_("The file is empty. It needs one JSON object on each line.")),
    "file.two_kinds_of_lines": Answer(
        RULE,
        N_(
            "Line %(row)s is of another sort than the first one. Lines that kronika export wrote, and lines written by "
            "hand, belong into two files."
        ),
    ),
    "line.another_history": Answer(
        RULE,
        N_(
            "This is entry %(version)s of its history, and entry %(expected)s comes next here. Take the lines before "
            "it too; into a register in which that history went on otherwise it cannot be read."
        ),
    ),
    "line.no_object": Answer(RULE, N_('This is no JSON object (%(why)s). Write one like {"event": …} on each line.')),
    "line.no_text": Answer(RULE, N_("Write this as text, in quotation marks.")),
    "line.several_called": Answer(
        RULE, N_("“%(text)s” is the title of several. Name the one that is meant by its id: %(ids)s.")
    ),
    "line.title_taken": Answer(
        RULE, N_("“%(text)s” is recorded already, by this organisation. Leave the line out, or give another title.")
    ),
    "line.unknown_kind": Answer(
        RULE, N_("“%(text)s” is no kind of entry that this program knows. Was it written by a newer one?")
    ),
    "line.unknown_parts": Answer(RULE, N_("Write this as an object with these keys: %(allowed)s.")),
    "line.unreadable": Answer(RULE, N_("This cannot be read (%(why)s).")),
}
