"""What an appeal does to a decision: it loses its effect, and may have it again.

As long as an appeal against a decision is yet to be made or decided, the history is told both without it and with it,
change by change. The standing is what it leads to with those decisions that have effect now. Once all appeals are
decided, or nothing depends on the decision any more, one telling is left.
"""

from __future__ import annotations

from collections.abc import Callable

from domain.standing import GONE, Contested, Fork, Standing

Told = Standing | Fork
Effect = Callable[[Standing], Standing]

DECISIONS = ("expelled", "lapsed", "application_rejected", "suspended", "scope_changed", "role_changed")


def found(standing: Standing, of: int) -> Contested | None:
    return next((each for each in standing.contested if each.of == of), None)


def taken(standing: Standing, decision: Contested, effect: Effect) -> Standing:
    """The standing after a decision that an appeal speaks of."""
    told = _told(standing)
    return _now(_fork(decision.of, told, _each(told, effect)), (*standing.contested, decision))


def retold(standing: Standing, effect: Effect) -> Standing:
    """The standing after any other change."""
    return _now(_each(_told(standing), effect), standing.contested)


def appealed(standing: Standing, of: int, stays_effect: bool) -> Standing:
    decision = found(standing, of)
    if decision is None:
        return standing
    now = Contested(of, decision.to_come - 1, is_open=True, is_stayed=stays_effect)
    return _now(_told(standing), (*_others(standing, of), now))


def decided(standing: Standing, of: int, overturned: bool) -> Standing:
    decision = found(standing, of)
    if decision is None:
        return standing
    if overturned or not decision.to_come:
        return _now(_settled(_told(standing), of, has_effect=not overturned), _others(standing, of))
    return _now(_told(standing), (*_others(standing, of), Contested(of, decision.to_come)))


def plain(standing: Standing) -> Standing:
    return standing._replace(contested=(), told=None)


def _others(standing: Standing, of: int) -> tuple[Contested, ...]:
    return tuple(each for each in standing.contested if each.of != of)


def _told(standing: Standing) -> Told:
    return standing.told or plain(standing)


def _now(told: Told, contested: tuple[Contested, ...]) -> Standing:
    """Whoever is gone is so in every telling."""
    stayed = {each.of for each in contested if each.is_stayed}
    now = told
    while isinstance(now, Fork):
        now = now.without if now.of in stayed else now.having
    if now.place in GONE:
        return now
    return now._replace(contested=tuple(sorted(contested)), told=told if isinstance(told, Fork) else None)


def _fork(of: int, without: Told, having: Told) -> Told:
    return without if without == having else Fork(of, without, having)


def _each(told: Told, effect: Effect) -> Told:
    if isinstance(told, Fork):
        return _fork(told.of, _each(told.without, effect), _each(told.having, effect))
    return effect(told)


def _settled(told: Told, of: int, has_effect: bool) -> Told:
    if not isinstance(told, Fork):
        return told
    if told.of == of:
        return told.having if has_effect else told.without
    return _fork(told.of, _settled(told.without, of, has_effect), _settled(told.having, of, has_effect))
