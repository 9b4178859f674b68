"""Personal links: what they hold, and reading them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from teleconsulta.invitations.errors import InvalidLink, LinkExpired
from teleconsulta.invitations.models import Invitation
from teleconsulta.kernel.errors import TokenExpired, Unauthorized
from teleconsulta.kernel.languages import DEFAULT, known
from teleconsulta.kernel.settings import Settings
from teleconsulta.kernel.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Link:
    """What a link's token says."""

    invitation_id: UUID
    room_id: UUID
    generation: int


def link_to(settings: Settings, tokens: Tokens, invitation: Invitation, closes_at: datetime, language: str) -> str:
    """The address for the e-mail. The token stands behind `#`: browsers never send that part to a server.

    Who was written to in another language than the clinic's own finds the page in it too.
    """
    token = tokens.issue(
        "invitation", str(invitation.id), closes_at, room=str(invitation.room_id), gen=invitation.generation
    )
    asked = "" if known(language) == DEFAULT else f"?lang={language}"
    return f"{settings.app_origin}/paciente/{invitation.room_id}{asked}#{token}"


def test_link_to(settings: Settings, tokens: Tokens, invitation: Invitation, closes_at: datetime, language: str) -> str:
    """The address of the test of one's equipment, by the same token: long before the consultation, and without it."""
    address, token = link_to(settings, tokens, invitation, closes_at, language).split("#")
    path, _, asked = address.partition("?")
    return f"{path}/teste{'?' if asked else ''}{asked}#{token}"


def read_link(tokens: Tokens, raw: str, *, forgiving: timedelta = timedelta(0)) -> Link:
    """What a link's token says; `forgiving` is for how long after its time it is still read.

    Raises:
        LinkExpired: it was ours and its window is over.
        InvalidLink: it never was a link of ours.
    """
    try:
        claims = tokens.read(raw, "invitation", forgiving=forgiving)
        return Link(UUID(claims.subject), UUID(str(claims["room"])), int(claims["gen"]))
    except TokenExpired as error:
        raise LinkExpired from error
    except (Unauthorized, KeyError, ValueError, TypeError) as error:
        raise InvalidLink from error
