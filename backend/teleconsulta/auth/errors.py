"""What signing in and managing users can refuse."""

from teleconsulta.kernel.errors import DomainError


class InvalidCredentials(DomainError):
    code, status, detail = "invalid_credentials", 401, "E-mail or password is not right."


class OtpRequired(DomainError):
    """Said to who knows the password, and to nobody else."""

    code, status, detail = "otp_required", 401, "A code of the second factor is needed besides the password."


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


class SecondFactorRequired(DomainError):
    code, status, detail = "second_factor_required", 403, "Set up a second factor first; nothing else is open to you."


class SecondFactorActive(DomainError):
    code, status, detail = "second_factor_active", 409, "There is a second factor already."


class SecondFactorMissing(DomainError):
    code, status, detail = "second_factor_missing", 409, "There is no second factor to do this with."


class PasswordRequired(DomainError):
    code, status, detail = "password_required", 403, "You signed in a while ago; this needs your password again."


class WrongPassword(DomainError):
    """Not 401: who asks is signed in, and stays it."""

    code, status, detail = "wrong_password", 422, "This password is not right."


class WrongCode(DomainError):
    """Not 401: who asks is signed in, and stays it."""

    code, status, detail = "wrong_code", 422, "This code is not right, or was used before."


class InvalidPasswordLink(DomainError):
    code, status, detail = "invalid_link", 401, "This link is not valid."


class PasswordLinkExpired(DomainError):
    code, status, detail = "expired", 410, "The time of this link is over."


class PasswordLinkWithdrawn(DomainError):
    code, status, detail = "revoked", 410, "This link was withdrawn, or replaced by a newer one."


class PasswordLinkUsed(DomainError):
    code, status, detail = "link_used", 410, "A password was chosen by this link already."
