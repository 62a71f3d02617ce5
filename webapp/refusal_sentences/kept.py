"""How a no reads about files of sources and drafts."""

from __future__ import annotations

from webapp.labels import N_
from webapp.refusal_sentences.answer import RULE, Answer

SENTENCES = {
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
    "draft.too_large": Answer(RULE, N_("This is too much to be kept as a draft. Record it, or shorten it.")),
    "draft.too_many": Answer(
        RULE, N_("You have %(most)s drafts already. Record or discard one of them: they are on your desk.")
    ),
}
