"""Settings from the environment or `.env`; a production server refuses to start with weak ones."""

from __future__ import annotations

import secrets
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from teleconsulta.kernel.dsn import plain
from teleconsulta.kernel.passwords import is_guessable
from teleconsulta.kernel.zones import ZoneName

MIN_SECRET_BYTES = 32
MIN_TURN_SECRET_BYTES = 16
PLACEHOLDERS = ("change", "secret", "default", "example", "troque", "senha", "password")

Csv = Annotated[list[str], NoDecode]


class Settings(BaseSettings):
    """One field per environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    port: int = Field(default=8080, ge=1, le=65535)
    host: str = "0.0.0.0"  # noqa: S104 - a server behind the platform's proxy listens on every interface
    public_url: str = ""
    app_url: str = ""
    database_url: str | None = None
    secret_key: str = ""
    secret_key_previous: str | None = None
    redis_url: str | None = None
    turn_urls: Csv = []
    turn_secret: str | None = None
    turn_secret_previous: str | None = None
    turn_ttl_seconds: int = Field(default=600, ge=60, le=86400)
    stun_urls: Csv = []
    smtp_url: str | None = None
    mail_from: str = "Teleconsulta <nao-responda@localhost>"
    cors_origins: Csv = []
    demo: bool = False
    demo_password: str | None = None
    vapid_private_key: str | None = None
    push_allow_loopback: bool = False
    idle_exit_seconds: int | None = Field(default=None, ge=1)
    backup_to: str | None = None
    backup_recipient: Csv = []
    data_region: str | None = None
    log_format: Literal["json", "text"] = "json"
    trusted_proxies: Csv = []
    allow_polling: bool = False
    clinic_name: str = "Teleconsulta"
    clinic_zone: ZoneName = "America/Sao_Paulo"
    seat_grace_seconds: float = Field(default=60, ge=1, le=600)
    var_dir: Path = Path("var")
    static_dir: Path | None = None
    metrics_token: str | None = None
    events_forward_url: str | None = None
    webhooks_allow_loopback: bool = False

    @field_validator("turn_urls", "stun_urls", "cors_origins", "trusted_proxies", "backup_recipient", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return [part for part in (piece.strip() for piece in value.split(",")) if part]
        return value

    @field_validator("database_url")
    @classmethod
    def _postgres_only(cls, value: str | None) -> str | None:
        return None if value is None else plain(value)

    @field_validator("redis_url")
    @classmethod
    def _redis_only(cls, value: str | None) -> str | None:
        if value is not None:
            parts = urlsplit(value)
            number = parts.path.strip("/")
            if parts.scheme not in {"redis", "rediss"} or not parts.hostname or not (number.isdigit() or not number):
                raise ValueError("not a Redis address")
        return value

    @cached_property
    def origin(self) -> str:
        """Scheme and host of the public address, without a trailing slash."""
        return (self.public_url or f"http://localhost:{self.port}").rstrip("/")

    @property
    def app_origin(self) -> str:
        """Where people open the pages: `APP_URL` when the app's files are at another place, else the public address."""
        return self.app_url.rstrip("/") or self.origin

    @property
    def secure(self) -> bool:
        """Whether browsers reach us by HTTPS, so that cookies can be `Secure` and `__Host-`."""
        return urlsplit(self.origin).scheme == "https"

    @property
    def allowed_origins(self) -> list[str]:
        """The exact origins that may call us from a browser."""
        elsewhere = [self.app_origin] if self.app_origin != self.origin else []
        return [self.origin, *elsewhere, *self.cors_origins]

    def complaints(self) -> list[str]:
        """What keeps this from being a safe production server: sentences that name a variable, never its value."""
        return [] if self.demo else [*self._secret_complaints(), *self._address_complaints()]

    def _secret_complaints(self) -> list[str]:
        found = []
        if not self.secret_key:
            found.append("SECRET_KEY is missing.")
        elif not strong(self.secret_key, MIN_SECRET_BYTES):
            found.append(f"SECRET_KEY is weak: give at least {MIN_SECRET_BYTES} random bytes.")
        if self.secret_key_previous is not None and not strong(self.secret_key_previous, MIN_SECRET_BYTES):
            found.append(
                f"SECRET_KEY_PREVIOUS is weak: give at least {MIN_SECRET_BYTES} random bytes, or leave it out."
            )
        if self.turn_urls and not self.turn_secret:
            found.append("TURN_SECRET is missing although TURN_URLS is set.")
        elif self.turn_secret is not None and not strong(self.turn_secret, MIN_TURN_SECRET_BYTES):
            found.append(f"TURN_SECRET is weak: give at least {MIN_TURN_SECRET_BYTES} random bytes.")
        if self.turn_secret and self.turn_secret == self.secret_key:
            found.append("TURN_SECRET is the same as SECRET_KEY: the relay must not know the key of the tokens.")
        if self.push_allow_loopback:
            found.append("PUSH_ALLOW_LOOPBACK is set although DEMO is not: it is for tests.")
        if self.demo_password is not None:
            found.append("DEMO_PASSWORD is set although DEMO is not.")
        return found

    def _address_complaints(self) -> list[str]:
        found = []
        if not self.public_url:
            found.append("PUBLIC_URL is missing: links in e-mails need it.")
        elif not self.secure:
            found.append("PUBLIC_URL is not https: browsers give no camera to an insecure page.")
        if self.database_url is not None and not self.database_url.startswith("postgresql://"):
            found.append("DATABASE_URL is not a PostgreSQL address.")
        if self.app_url and not is_origin(self.app_url.rstrip("/")):
            found.append("APP_URL is not an exact https origin.")
        if not all(is_origin(origin) for origin in self.cors_origins):
            found.append("CORS_ORIGINS holds something that is not an exact https origin.")
        if self.events_forward_url is not None and urlsplit(self.events_forward_url).scheme != "https":
            found.append("EVENTS_FORWARD_URL is not an https address.")
        if self.webhooks_allow_loopback:
            found.append("WEBHOOKS_ALLOW_LOOPBACK is set although DEMO is not: it is for development only.")
        return found

    def with_demo_defaults(self) -> Settings:
        """The same settings with a secret kept under `var/`, so that demo links survive a restart."""
        if not self.demo or self.secret_key:
            return self
        path = self.var_dir / "secret_key"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(48))
        return self.model_copy(update={"secret_key": path.read_text().strip()})


def is_origin(text: str) -> bool:
    """An exact https origin: a scheme and a host, without a path or a wildcard."""
    parts = urlsplit(text)
    return parts.scheme == "https" and bool(parts.netloc) and not (parts.path or parts.query) and "*" not in text


def strong(secret: str, minimum: int) -> bool:
    """Long enough, not a placeholder, not a repetition."""
    lowered = secret.lower()
    return (
        len(secret.encode()) >= minimum
        and len(set(secret)) >= 8
        and not any(lowered.startswith(word) for word in PLACEHOLDERS)
        and not is_guessable(secret)
    )
