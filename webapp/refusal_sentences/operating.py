"""How a no reads about backups, upgrades, rebuilds and keys."""

from __future__ import annotations

from webapp.labels import N_
from webapp.refusal_sentences.answer import FIRST, RULE, Answer

SENTENCES = {
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
    "backup.other_key_file": Answer(
        RULE,
        N_(
            "%(key_file)s does not open the keys in %(file)s. Name the key file of that time, "
            "or a copy of the vault that was made after the key file was changed."
        ),
    ),
    "backup.other_kind": Answer(
        RULE, N_("%(file)s is the other one of the two files: that of entries comes first, the vault after --vault.")
    ),
    "backup.root_differs": Answer(RULE, N_("The entries of %(file)s are not those that it was made from.")),
    "backup.vault_missing": Answer(
        RULE, N_("There are no keys in %(vault)s to read words with. Name the copy of the vault: --vault FILE.")
    ),
    "key_file.rotating": Answer(FIRST, N_("The key file is being changed by another process just now. Try again.")),
    "projection.rebuilding": Answer(
        FIRST, N_("Read tables are being rebuilt already. Wait until that has ended, then begin another one.")
    ),
    "upgrade.not_the_owner": Answer(
        FIRST,
        N_(
            "The tables belong to the database role %(owner)s, and this is %(role)s. Nothing was changed. "
            "Set KRONIKA_OWNER_URL to the address of %(owner)s."
        ),
    ),
    "upgrade.single_role": Answer(
        FIRST,
        N_(
            "The database belongs to the role %(owner)s, and this is %(role)s, which could then change what it serves. "
            "Nothing was made. Set KRONIKA_OWNER_URL to the address of %(owner)s; or, if one role is meant to do both, "
            "add --single-role (to kronika init or restore)."
        ),
    ),
    "upgrade.under_way": Answer(FIRST, N_("Another upgrade or restore is under way. Wait until it is done.")),
}
