"""Every table, imported once so that the metadata is complete (for migrations)."""

from teleconsulta.audit import models as audit
from teleconsulta.auth import models as auth
from teleconsulta.calls import models as calls
from teleconsulta.clinic import models as clinic
from teleconsulta.consents import models as consents
from teleconsulta.documents import models as documents
from teleconsulta.followup import models as followup
from teleconsulta.invitations import models as invitations
from teleconsulta.notes import models as notes
from teleconsulta.notifications import models as notifications
from teleconsulta.patients import models as patients
from teleconsulta.records import models as records
from teleconsulta.rooms import models as rooms
from teleconsulta.standing import models as standing

__all__ = [
    "audit",
    "auth",
    "calls",
    "clinic",
    "consents",
    "documents",
    "followup",
    "invitations",
    "notes",
    "notifications",
    "patients",
    "records",
    "rooms",
    "standing",
]
