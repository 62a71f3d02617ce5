"""The web application: `create_app(config)` puts the rooms together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import (
    addresses,
    amending,
    campaigns,
    changes,
    coalitions,
    desk,
    drafts,
    entry_lines,
    files,
    health,
    kept_forms,
    languages,
    logging_actions,
    logs,
    measures,
    moments,
    operators,
    organisations,
    pages,
    programmes,
    purging,
    register,
    removal,
    rights,
    security,
    shown,
    signing_in,
    timeline,
    troubles,
    who,
)
from webapp.config import LOOPBACK, Config
from webapp.file_kinds import LARGEST_FILE
from webapp.sent_forms import SentRequest
from webapp.stores import Stores, open_stores

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

CHECKS = (
    security.refuse_other_hosts,
    security.refuse_other_sites,
    who.recognise,
    security.limit_size,
    signing_in.ask_to_sign_in,
    rights.hide,
    signing_in.refuse_anothers,
    security.refuse_forged,
    moments.settle,
)
PARTS = (
    desk,
    drafts,
    files,
    coalitions,
    changes,
    campaigns,
    programmes,
    organisations,
    timeline,
    register,
    amending,
    removal,
    logging_actions,
    health,
    measures,
    operators,
)
LARGEST_REQUEST = 4 * LARGEST_FILE + security.LARGEST_FORM


def create_app(config: Config, stores: Stores | None = None) -> Flask:
    app = Flask(__name__)
    app.config.from_mapping(
        SECRET_KEY=config.secret_key,
        SESSION_COOKIE_NAME="__Host-kronika-form" if config.is_https else "kronika-form",
        SESSION_COOKIE_SECURE=config.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        TRUSTED_HOSTS=config.trusted_hosts,
        PREFERRED_URL_SCHEME="https" if config.is_https else "http",
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=security.LARGEST_FORM,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,
        BABEL_DEFAULT_LOCALE="en",
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["kronika.config"] = config
    app.extensions["kronika.stores"] = stores or open_stores(config)
    app.jinja_env.globals["config"] = config
    if config.proxies:
        app.wsgi_app = _behind_proxies(app.wsgi_app, config.proxies)  # type: ignore[method-assign, assignment]  # Flask's own way
    _furnish(app, config)
    app.request_class = SentRequest
    for part in PARTS:
        app.register_blueprint(part.blueprint)
    return app


def _behind_proxies(application: WSGIApplication, count: int) -> WSGIApplication:
    """What they say of who asks is believed from this machine alone."""
    told = ProxyFix(application, x_for=count, x_proto=count, x_host=count)
    return lambda environ, answer: (told if environ.get("REMOTE_ADDR") in LOOPBACK else application)(environ, answer)


def _furnish(app: Flask, config: Config) -> None:
    """What holds for every page. CHECKS stand in the order in which they are made."""
    logs.init_app(app)
    measures.init_app(app, config, app.extensions["kronika.stores"])
    for check in CHECKS:
        app.before_request(check)
    security.csrf.init_app(app)
    who.init_app(app)
    rights.init_app(app)
    moments.init_app(app)
    languages.init_app(app)
    shown.init_app(app)
    entry_lines.init_app(app)
    addresses.init_app(app)
    pages.init_app(app)
    troubles.init_app(app)
    signing_in.init_app(app)
    kept_forms.init_app(app)
    drafts.init_app(app)
    files.init_app(app)
    purging.init_app(app)
    security.protect(app, config)
