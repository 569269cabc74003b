"""What surrounds every page: drawn once per process and language, because nothing in it depends on who asks.

Only the address of the page itself (in the links to the other languages) is put in at each request.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from flask import Flask, current_app, g, request
from markupsafe import Markup, escape

from tracker.web import navigation
from tracker.web.access import maybe_actor
from tracker.web.languages import choose

HERE = "@here@"
"""Stands for the address of the page, ready for ``lang=``, in what is kept."""
KEPT = "tracker.frame"


def part(name: str) -> Markup:
    """``templates/frame/<name>.html`` in the reader's language."""
    kept = current_app.extensions[KEPT]
    key = (name, choose())
    text = kept.get(key)
    if text is None:
        template = current_app.jinja_env.get_template(f"frame/{name}.html")
        text = kept[key] = template.render(lang=choose(), here=HERE)
    return Markup(text.replace(HERE, here()) if HERE in text else text)  # noqa: S704 (templates of ours)


def menu() -> Markup:
    """The service navigation of this person, with the part of the site where the page is."""
    person = maybe_actor()
    role, language = person.role if person else None, choose()
    path = request.path
    wanted = navigation.addresses(current_app, role)
    current = next((href for href in wanted if path == href or path.startswith(href + "/")), "")
    kept = current_app.extensions[KEPT]
    key = ("navigation", language, role, current)
    text = kept.get(key)
    if text is None:
        template = current_app.jinja_env.get_template("frame/navigation.html")
        text = kept[key] = Markup(template.render(links=navigation.links(role, current, wanted)))  # noqa: S704
    return text


def here() -> str:
    """The address of this page, escaped, up to where a language is named."""
    known: str | None = g.get("here")
    if known is None:
        path = quote(request.path, safe="/:@!$()*+,;=~-._")
        query = ""
        if request.environ.get("QUERY_STRING"):
            query = urlencode([(k, v) for k, v in request.args.items(multi=True) if k != "lang"], errors="replace")
        known = g.here = str(escape(f"{path}?{query}&" if query else f"{path}?"))
    return known


def init_app(app: Flask) -> None:
    app.extensions[KEPT] = {}
    app.jinja_env.globals["frame"] = part
