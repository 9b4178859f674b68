"""What signing in and managing users can refuse."""

from teleconsulta.kernel.errors import DomainError


class InvalidCredentials(DomainError):
    code, status, detail = "invalid_credentials", 401, "E-mail or password is not right."


class TooManyAttempts(DomainError):
    code, status, detail = "too_many_attempts", 429, "Too many failed attempts; wait before the next one."


class SessionEnded(DomainError):
    code, status, detail = "session_ended", 401, "This session is over; sign in again."


class WeakPassword(DomainError):
    code, status, detail = "weak_password", 422, "This password is too easy to guess."


class EmailTaken(DomainError):
    code, status, detail = "email_taken", 409, "There is an account with this e-mail already."


class LastAdmin(DomainError):
    code, status, detail = "last_admin", 409, "The clinic would be left without an administrator."
