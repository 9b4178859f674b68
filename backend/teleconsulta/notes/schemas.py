"""What travels about notes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from teleconsulta.notes.models import CallNote


def _storable(text: str) -> str:
    """Line breaks of one kind.

    Raises:
        ValueError: it holds a NUL, which no database stores in a text.
    """
    if "\x00" in text:
        raise PydanticCustomError("unprintable", "The text holds a character that cannot be stored.")
    return text.replace("\r\n", "\n")


class NoteWish(BaseModel):
    """`base_version` is the version the text grew from; 0 where there was none."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, AfterValidator(_storable)]
    base_version: Annotated[int, Field(ge=0, le=2**31 - 1)]


class NoteOut(BaseModel):
    """The note of a call. Before the first saving `version` is 0 and the text is empty."""

    call_id: UUID
    version: int
    text: str
    sha256: str | None
    saved_at: datetime | None

    @classmethod
    def of(cls, call_id: UUID, note: CallNote | None) -> NoteOut:
        if note is None:
            return cls(call_id=call_id, version=0, text="", sha256=None, saved_at=None)
        return cls(call_id=call_id, version=note.version, text=note.text, sha256=note.sha256, saved_at=note.saved_at)


class NoteVersion(BaseModel):
    """One saved version, without its text. `bytes` is the length of its UTF-8."""

    version: int
    sha256: str
    bytes: int
    saved_at: datetime
