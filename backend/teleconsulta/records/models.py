"""The public keys of dossiers."""

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from teleconsulta.kernel.db import Base


class DossierKey(Base):
    """A public key (32 bytes in hex) since its first use. Rows are never changed or deleted (trigger)."""

    __tablename__ = "dossier_keys"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    since: Mapped[datetime]
