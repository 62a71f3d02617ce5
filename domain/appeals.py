"""What an appeal does to a decision: it loses its effect, and may have it again.

A decision that somebody appealed is remembered in the standing, with the standing that it met and the one it led to.
What was recorded meanwhile keeps its meaning: what it settled anew, an appeal does not touch any more.
"""

from __future__ import annotations

from domain.standing import Appealed, Standing

FIELDS = {
    "expelled": "place",
    "lapsed": "place",
    "application_rejected": "place",
    "suspended": "scope",
    "scope_changed": "scope",
    "role_changed": "role",
}  # what each decision that can be appealed decides of a standing


def found(standing: Standing, of: int) -> Appealed | None:
    return next((each for each in standing.appealed if each.of == of), None)


def remembered(of: int, event: str, before: Standing, after: Standing) -> Standing:
    """The standing after a decision that an appeal speaks of."""
    return after._replace(appealed=(*before.appealed, Appealed(of, event, plain(before), plain(after))))


def appealed(standing: Standing, of: int, stays_effect: bool) -> Standing:
    decision = found(standing, of)
    if decision is None:
        return standing
    standing = _with(standing, decision._replace(is_open=True))
    return _switched(standing, of, has_effect=False) if stays_effect else standing


def decided(standing: Standing, of: int, overturned: bool) -> Standing:
    decision = found(standing, of)
    if decision is None:
        return standing
    standing = _with(standing, decision._replace(is_open=False, was_overturned=overturned))
    return _switched(standing, of, has_effect=not overturned)


def carried(before: Standing, after: Standing) -> Standing:
    """After a change that is no appeal: the decisions before it, as far as it leaves them anything to decide."""
    if after.place in ("merged", "dissolved"):
        return after._replace(appealed=())
    kept = (each._replace(is_over=each.is_over or _settled(each, before, after)) for each in before.appealed)
    return after._replace(appealed=tuple(kept))


def plain(standing: Standing) -> Standing:
    return standing._replace(appealed=())


def _settled(decision: Appealed, before: Standing, after: Standing) -> bool:
    """Whether a change settled anew what the decision decided."""
    field = FIELDS[decision.event]
    if before.place == after.place and getattr(before, field) == getattr(after, field):
        return False
    if decision.has_effect and decision.event in ("expelled", "lapsed"):
        return after.place == "in"
    is_same_suspension = after.place == "in" and before.scope is not None and after.scope is not None
    return not (decision.has_effect and decision.event == "suspended" and is_same_suspension)


def _switched(standing: Standing, of: int, has_effect: bool) -> Standing:
    """The standing when the decision has its effect, or has not."""
    decision = found(standing, of)
    if decision is None or decision.has_effect == has_effect:
        return standing
    field, to = FIELDS[decision.event], decision.having if has_effect else decision.without
    left = plain(standing)
    decision = decision._replace(without=left) if has_effect else decision._replace(having=left)
    standing = _with(standing, decision._replace(has_effect=has_effect))
    if decision.is_over:
        return standing
    changed = to if field == "place" else standing._replace(**{field: getattr(to, field)})
    return changed._replace(appealed=standing.appealed)


def _with(standing: Standing, decision: Appealed) -> Standing:
    kept = tuple(decision if each.of == decision.of else each for each in standing.appealed)
    return standing._replace(appealed=kept)
