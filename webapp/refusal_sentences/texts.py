"""How a no reads about what is typed as text."""

from __future__ import annotations

from webapp.labels import N_
from webapp.refusal_sentences.answer import RULE, Answer

SENTENCES = {
    "text.missing": Answer(RULE, N_("Write something here.")),
    "text.no_link": Answer(RULE, N_("Write the whole address: it begins with “https://”.")),
    "text.too_long": Answer(RULE, N_("This is too long: %(length)s characters, at most %(limit)s.")),
    "text.unreadable": Answer(RULE, N_("There is a character that is no text (%(character)s). Take it out.")),
}
