"""The OpenAPI document, and a page that reads it aloud: plain HTML, so that it works under our own policy."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from teleconsulta.kernel.http import MEDIA_TYPE, Problem

PREFIX = "#/components/schemas/"
METHODS = ("get", "post", "put", "patch", "delete")

STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
code, pre { font: 0.9rem/1.4 ui-monospace, monospace; }
pre { overflow-x: auto; padding: 0.75rem; border: 1px solid; border-radius: 0.5rem; }
summary { cursor: pointer; padding: 0.25rem 0; }
.method { display: inline-block; min-width: 4.5rem; font-weight: 700; }
"""


def document(app: FastAPI, socket_messages: Sequence[type[BaseModel]]) -> dict[str, Any]:
    """OpenAPI 3.1 of the REST interface; the models of the socket messages stand among its schemas."""
    made = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    _, problem = models_json_schema([(Problem, "serialization")], ref_template=PREFIX + "{model}")
    _, sockets = models_json_schema(
        [(model, "validation") for model in socket_messages], by_alias=True, ref_template=PREFIX + "{model}"
    )
    for name, schema in {**sockets.get("$defs", {}), **problem.get("$defs", {})}.items():
        schemas.setdefault(name, schema)
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for operations in made["paths"].values():
        for method in METHODS:
            for status, answer in operations.get(method, {}).get("responses", {}).items():
                if int(status) >= 400:
                    answer["content"] = {MEDIA_TYPE: {"schema": {"$ref": PREFIX + "Problem"}}}
    made["components"]["schemas"] = dict(sorted(schemas.items()))
    return made


def page(spec: dict[str, Any], language: str = "en") -> str:
    """The document as one HTML page without scripts."""
    info = spec["info"]
    operations = "".join(
        _operation(method, path, item[method])
        for path, item in sorted(spec["paths"].items())
        for method in METHODS
        if method in item
    )
    schemas = "".join(
        f'<details id="{escape(name)}"><summary><code>{escape(name)}</code></summary>{_pre(schema)}</details>'
        for name, schema in spec["components"]["schemas"].items()
    )
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(info["title"])} API</title><link rel="stylesheet" href="/api/docs.css"></head><body>'
        f"<main><h1>{escape(info['title'])} API {escape(info['version'])}</h1>"
        f"<p>{escape(info.get('description', ''))}</p>"
        '<p><a href="/api/openapi.json">openapi.json</a></p>'
        f"<h2>Operations</h2>{operations}<h2>Schemas</h2>{schemas}</main></body></html>"
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    parameters = "".join(
        f"<li><code>{escape(item['name'])}</code> ({escape(item['in'])}{', required' if item.get('required') else ''}) "
        f"{escape(item.get('description', ''))}</li>"
        for item in operation.get("parameters", [])
    )
    answers = "".join(
        f"<li>{escape(status)}: {escape(answer.get('description', ''))} {_links(answer.get('content', {}))}</li>"
        for status, answer in operation.get("responses", {}).items()
    )
    body = operation.get("requestBody", {}).get("content", {})
    return (
        f'<details><summary><span class="method">{method.upper()}</span> <code>{escape(path)}</code></summary>'
        f"<p>{escape(operation.get('description', operation.get('summary', '')))}</p>"
        + (f"<h3>Parameters</h3><ul>{parameters}</ul>" if parameters else "")
        + (f"<h3>Body</h3><p>{_links(body)}</p>" if body else "")
        + f"<h3>Answers</h3><ul>{answers}</ul></details>"
    )


def _links(content: dict[str, Any]) -> str:
    names = [media["schema"].get("$ref", "").removeprefix(PREFIX) for media in content.values() if "schema" in media]
    return " ".join(f'<a href="#{escape(name)}"><code>{escape(name)}</code></a>' for name in names if name)


def _pre(schema: dict[str, Any]) -> str:
    return f"<pre>{escape(json.dumps(schema, indent=2, ensure_ascii=False))}</pre>"
