"""Every table, imported once so that the metadata is complete (for migrations)."""

from teleconsulta.audit import models as audit
from teleconsulta.auth import models as auth
from teleconsulta.calls import models as calls
from teleconsulta.consents import models as consents
from teleconsulta.invitations import models as invitations
from teleconsulta.patients import models as patients
from teleconsulta.records import models as records
from teleconsulta.rooms import models as rooms

__all__ = ["audit", "auth", "calls", "consents", "invitations", "patients", "records", "rooms"]
