"""The app: `gunicorn app:app` serves it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, jsonify, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException

import actions
import api
import store
from refusal import Refused

MEGABYTE = 1024 * 1024
MAX_UPLOAD = 12 * MEGABYTE  # of a request
MAX_DISCARDED = 64 * MEGABYTE  # of a request that was too large

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def create_app(config: dict[str, Any] | None = None) -> Flask:
    """Build the app. FACES_DB is the path of the SQLite file, MATCH_DISTANCE the greatest distance of two
    faces of one person; both are read from the environment unless `config` has them."""
    app = Flask(__name__)
    app.config.update(
        FACES_DB=os.environ.get("FACES_DB") or str(Path(app.instance_path) / "faces.sqlite3"),
        MATCH_DISTANCE=float(os.environ.get("MATCH_DISTANCE") or 0.6),
        MAX_CONTENT_LENGTH=MAX_UPLOAD,
    )
    app.config.update(config or {})
    app.register_blueprint(api.blueprint)
    app.add_url_rule("/health", view_func=health)
    app.add_url_rule("/", view_func=page)
    app.add_url_rule("/enrol", view_func=enrol, methods=["POST"])
    app.add_url_rule("/recognise", view_func=recognise, methods=["POST"])
    app.add_url_rule("/people/<int:person>/remove", view_func=remove, methods=["POST"])
    app.register_error_handler(Refused, refused)
    app.register_error_handler(HTTPException, http_error)
    app.after_request(add_headers)
    app.teardown_appcontext(close_connection)
    return app


def health() -> dict[str, str]:
    """Is this process answering? Asked every few seconds, so it touches neither the store nor a model."""
    return {"status": "ok"}


def page(**shown: Any) -> str:
    """The one page. It works without JavaScript: its forms are posted to the three views below."""
    return render_template("page.html", people=store.people(actions.connection()), **shown)


def enrol() -> tuple[str, int]:
    """The page's second form."""
    return page(enrolled=actions.enrol()), 201


def recognise() -> str:
    """The page's first form."""
    return page(recognised=actions.recognise())


def remove(person: int) -> Any:
    """The button beside a person."""
    store.remove(actions.connection(), person)
    return redirect(url_for("page"), code=303)


def refused(error: Refused) -> Any:
    """What the visitor sent cannot be used."""
    return _error(error.status, error.code, error.message)


def http_error(error: HTTPException) -> Any:
    """Flask's own errors (no such page, upload too large, a crash), in the same form as ours."""
    if error.code == 413:
        discard_upload()
        limit = (request.max_content_length or 0) // MEGABYTE
        return _error(413, "too_large", f"The upload is larger than {limit} MB.")
    if error.code is None or error.code < 400:
        return error
    return _error(error.code, error.name.lower().replace(" ", "_"), error.description or error.name)


def discard_upload() -> None:
    """Read what is still on its way. Most clients look for the answer only when they have sent everything;
    closing the connection before that gives them a broken pipe instead of our sentence."""
    body, left = request.environ["wsgi.input"], MAX_DISCARDED
    while left > 0 and (piece := body.read(min(left, 65536))):
        left -= len(piece)


def _error(status: int, code: str, message: str) -> Any:
    if request.path.startswith("/api/") or request.path == "/health":
        return jsonify(error={"code": code, "message": message}), status
    return page(error=message), status


def add_headers(response: Response) -> Response:
    """Nothing of the page comes from elsewhere, so nothing else may be loaded."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def close_connection(_error: BaseException | None) -> None:
    """Close what actions.connection() opened in this request, if it did."""
    db = g.pop("db", None)
    if db is not None:
        db.close()


app = create_app()
