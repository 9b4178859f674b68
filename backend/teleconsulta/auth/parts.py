"""The pieces of the running server that signing in needs; from `main`, by way of the request."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from teleconsulta.auth.sign_in import SignIn
from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.sealing import Sealer
from teleconsulta.kernel.settings import Settings
from teleconsulta.kernel.tokens import Tokens


class Parts:
    """As they are at this moment: tests move the clock."""

    def __init__(self, request: Request) -> None:
        state = request.app.state
        self.database: Database = state.database
        self.tokens: Tokens = state.tokens
        self.settings: Settings = state.settings
        self.clock: Clock = state.clock
        self.sign_in: SignIn = state.sign_in
        self.sealer: Sealer = state.sealer


async def _parts(request: Request) -> Parts:
    return Parts(request)  # a class is called in a thread, an async function is not


Running = Annotated[Parts, Depends(_parts)]
