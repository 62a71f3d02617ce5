"""How an amount of money is written: a decimal number, kept as it was typed, and the code of its currency."""

from __future__ import annotations

import re

from domain.refused import Refused, quoted

AMOUNT = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,2})?")
CURRENCY = re.compile(r"[A-Z]{3}")  # ISO 4217


def check_money(amount: str, currency: str) -> None:
    """Nothing but figures and one point: so it is not negative, and no thousand is taken for a decimal part."""
    if not AMOUNT.fullmatch(amount):
        raise Refused("dues.amount_unreadable", field="amount", text=quoted(amount))
    if not CURRENCY.fullmatch(currency):
        raise Refused("dues.currency_unknown", field="currency", text=quoted(currency))
