"""The web application: `create_app(config)` puts the rooms together."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import (
    addresses,
    changes,
    coalitions,
    desk,
    entry_lines,
    health,
    languages,
    moments,
    organisations,
    pages,
    register,
    rights,
    security,
    shown,
    signing_in,
    timeline,
    troubles,
    who,
)
from webapp.config import Config
from webapp.sent_forms import SentRequest
from webapp.stores import Stores, open_stores

CHECKS = (
    security.refuse_other_hosts,
    security.refuse_other_sites,
    who.recognise,
    security.limit_size,
    signing_in.ask_to_sign_in,
    rights.hide,
    security.refuse_forged,
    moments.settle,
)
PARTS = (desk, coalitions, changes, organisations, timeline, register, health)
LARGEST_REQUEST = 32 * 1024 * 1024


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
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's own way to wrap an application
            app.wsgi_app, x_for=config.proxies, x_proto=config.proxies, x_host=config.proxies
        )
    _furnish(app, config)
    app.request_class = SentRequest
    for part in PARTS:
        app.register_blueprint(part.blueprint)
    return app


def _furnish(app: Flask, config: Config) -> None:
    """What holds for every page. CHECKS stand in the order in which they are made."""
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
    security.protect(app, config)
