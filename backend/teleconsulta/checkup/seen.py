"""How the running server sees whoever asks, for an examination from outside."""

from __future__ import annotations

from pydantic import BaseModel


class Seen(BaseModel):
    """`peer` is the address that the connection came from, before any proxy is believed; `forwarded` whether a proxy
    told of another one; `open_files` how many files and sockets the server may have open."""

    version: str
    peer: str
    forwarded: bool
    open_files: int
