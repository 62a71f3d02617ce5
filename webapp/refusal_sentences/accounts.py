"""How a no reads about accounts, their passwords, and forms that another has opened."""

from __future__ import annotations

from webapp.labels import N_
from webapp.refusal_sentences.answer import RULE, UNSEEN, Answer

SENTENCES = {
    "account.email_taken": Answer(RULE, N_("There is already an account with the address %(email)s.")),
    "account.email_unreadable": Answer(RULE, N_("“%(email)s” is not an e-mail address.")),
    "account.name_missing": Answer(RULE, N_("Enter a name.")),
    "account.name_too_long": Answer(RULE, N_("The name is too long: at most %(longest)s characters.")),
    "account.not_there": Answer(UNSEEN, N_("There is no account with the address %(email)s.")),
    "account.role_unknown": Answer(RULE, N_("“%(role)s” is not a role. Roles are: %(allowed)s.")),
    "form.of_another": Answer(
        RULE,
        N_(
            "Somebody else opened this form before you signed in. Nothing was stored: open it again to use it yourself."
        ),
    ),
    "password.own_name": Answer(
        RULE, N_("This password is little more than a name or an address. Choose another one.")
    ),
    "password.too_long": Answer(RULE, N_("The password is too long: at most %(longest)s characters.")),
    "password.too_short": Answer(RULE, N_("The password is too short: at least %(shortest)s characters.")),
    "password.well_known": Answer(RULE, N_("This password is well known and easily guessed. Choose another one.")),
}
