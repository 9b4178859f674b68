"""Writes backend/openapi.json from the program, or with --check says whether it is stale."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from teleconsulta.kernel.settings import Settings
from teleconsulta.main import create_app, openapi_document

TARGET = Path(__file__).resolve().parent.parent / "backend" / "openapi.json"


def rendered() -> str:
    """The document as it is committed. No database is contacted for it."""
    settings = Settings(_env_file=None, demo=True, secret_key="x" * 32, database_url="postgresql://nowhere/none")
    return json.dumps(openapi_document(create_app(settings)), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def main(arguments: list[str]) -> int | str:
    document = rendered()
    if "--check" not in arguments:
        TARGET.write_text(document)
        return 0
    if not TARGET.exists() or TARGET.read_text() != document:
        return "backend/openapi.json is stale: run `make openapi` and commit what changed."
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
