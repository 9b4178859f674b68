"""What every socket message has in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """Unknown fields are refused: what is not understood is never relayed."""

    model_config = ConfigDict(extra="forbid", frozen=True)
