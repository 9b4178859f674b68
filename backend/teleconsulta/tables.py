"""Every table, imported once so that the metadata is complete (for migrations)."""

from teleconsulta.audit import models as audit
from teleconsulta.auth import models as auth
from teleconsulta.calls import models as calls
from teleconsulta.clinic import models as clinic
from teleconsulta.consents import models as consents
from teleconsulta.documents import models as documents
from teleconsulta.followup import models as followup
from teleconsulta.incidents import models as incidents
from teleconsulta.invitations import models as invitations
from teleconsulta.keeping import models as keeping
from teleconsulta.notes import models as notes
from teleconsulta.notifications import models as notifications
from teleconsulta.patients import models as patients
from teleconsulta.readiness import models as readiness
from teleconsulta.records import models as records
from teleconsulta.rooms import models as rooms
from teleconsulta.standing import models as standing
from teleconsulta.webhooks import models as webhooks

__all__ = [
    "audit",
    "auth",
    "calls",
    "clinic",
    "consents",
    "documents",
    "followup",
    "incidents",
    "invitations",
    "keeping",
    "notes",
    "notifications",
    "patients",
    "readiness",
    "records",
    "rooms",
    "standing",
    "webhooks",
]
