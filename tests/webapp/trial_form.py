"""What do tests of drafts and files type into? A form of the smallest kind: a name, a note, files; it registers."""

from __future__ import annotations

from uuid import UUID, uuid4, uuid5

from flask import Blueprint, Flask, render_template_string, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from domain.dates import parse
from domain.entry import Source, Told
from domain.organisation import Organisation
from projections import engine
from webapp import drafts, files, rights, who
from webapp.pages import go

PAGE = """
{% extends "base.html" %}
{% import "_fields.html" as fields with context %}
{% import "drafts/_draft.html" as drafts with context %}
{% import "files/_field.html" as files with context %}
{% block title %}Trial{% endblock %}
{% block stylesheets %}<link rel="stylesheet" href="{{ static('pages.css') }}">{% endblock %}
{% block main %}
  <h1>Trial</h1>
  {{ drafts.offer(form_key) }}
  <form id="trial" method="post" enctype="multipart/form-data">
    {{ fields.forgery() }}
    <input type="hidden" name="command_id" value="{{ form.command_id }}">
    {{ fields.text("called", "Name", form.called) }}
    {{ fields.area("note", "Note", form.note, optional=true) }}
    {{ files.field(shown, error=error) }}
    {{ drafts.keep("trial", form_key, "Trial of " ~ id) }}
    <p class="actions"><button class="button" type="submit">Save</button></p>
  </form>
{% endblock %}
"""

blueprint = Blueprint("trial", __name__)


@blueprint.get("/trial/<uuid:id>")
def opened(id: UUID) -> str:
    kept = drafts.resumed()
    form = kept.fields if kept else MultiDict({"command_id": str(uuid4())})
    return shown(id, form, files.shown(form.getlist("source_files")))


@blueprint.post("/trial/<uuid:id>")
def record(id: UUID) -> Response | str | tuple[str, int]:
    taken = files.taken()
    if taken.error or not request.form["called"]:
        return shown(id, request.form, taken.shown, taken.error), 422
    command_id = uuid5(UUID(request.form["command_id"]), "0")
    source = Source(files=taken.sha256s) if taken.sha256s else None
    account = who.account()
    assert account
    told = Told(
        occurred=parse("2020"), recorded_by=account.id, command_id=command_id, note=request.form["note"], source=source
    )
    who.stores().chronicle.record(Organisation(id=id).register(told, request.form["called"]))
    engine.keep_up(who.stores().chronicle, who.stores().reading)
    return go(url_for("trial.opened", id=id))


def shown(id: UUID, form: MultiDict[str, str], chosen: list[files.ShownFile], error: str = "") -> str:
    key = url_for("trial.opened", id=id)
    return render_template_string(PAGE, id=id, form=form, form_key=key, shown=chosen, error=error)


def add_to(app: Flask) -> None:
    app.register_blueprint(blueprint)
    rights.RIGHTS.update({"trial.opened": rights.SIGNED_IN, "trial.record": rights.RECORDERS})
