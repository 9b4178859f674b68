"""The two accounts of a demonstration, with one password that stays the same between starts."""

from __future__ import annotations

import secrets

from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.auth import repository, service
from teleconsulta.auth.schemas import UserCreate
from teleconsulta.kernel.passwords import hash_password, verify_password
from teleconsulta.kernel.settings import Settings

DOCTOR = UserCreate.model_construct(
    email="medica@demo.local", name="Dra. Helena Prado", role="doctor", password="", council="CRM/SP 123456"
)
ADMIN = UserCreate.model_construct(
    email="admin@demo.local", name="Administração", role="admin", password="", council=None
)


async def ensure_demo_accounts(session: AsyncSession, settings: Settings) -> str:
    """Both accounts, ready to sign in with the password that is returned."""
    password = demo_password(settings)
    for account in (DOCTOR, ADMIN):
        user = await repository.user_by_email(session, account.email)
        if user is None:
            # What the operator chose for a demonstration is theirs to choose, so it is not judged here.
            user = await service.add_user(session, account.model_copy(update={"password": password}))
        elif not await verify_password(user.password_hash, password):
            user.password_hash = await hash_password(password)
        # Whatever a visitor has done to them, the next start opens both again.
        user.disabled_at = user.pending = None
        user.totp_sealed = user.totp_confirmed_at = user.totp_last_step = None
    return password


def demo_password(settings: Settings) -> str:
    """`DEMO_PASSWORD`, else a random one kept under `var/`."""
    if settings.demo_password:
        return settings.demo_password
    path = settings.var_dir / "demo_password"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(12))
    return path.read_text().strip()
