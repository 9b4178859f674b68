"""Why a backup or a restoration did not happen; each is one sentence for whoever typed the command."""

from teleconsulta.kernel.errors import DomainError


class NoPlace(DomainError):
    code, detail = "backup_no_place", "Say where backups are kept: a folder or s3://bucket/prefix, or set BACKUP_TO."


class PlaceFailed(DomainError):
    code, status, detail = "backup_place_failed", 503, "The place of the backups cannot be used."


class NoBackup(DomainError):
    code, status, detail = "backup_not_found", 404, "There is no such backup there."


class NoRecipient(DomainError):
    code = "backup_no_recipient"
    detail = (
        "BACKUP_RECIPIENT is missing or is no public key of age (age1...): "
        "`teleconsulta backup --new-key FILE` makes a pair. The file does not belong on this server."
    )


class NoIdentity(DomainError):
    code = "backup_no_identity"
    detail = "Name the file with the identity (AGE-SECRET-KEY-1...) that backups are encrypted to: --identity FILE."


class WrongIdentity(DomainError):
    code, detail = "backup_wrong_identity", "This identity is not one that the backup was encrypted to."


class Damaged(DomainError):
    code, status, detail = "backup_damaged", 409, "The backup is damaged: it is not as it was written. Take another."


class NoProgram(DomainError):
    code, status, detail = "backup_no_program", 503, "The programs of PostgreSQL are missing."


class DumpFailed(DomainError):
    code, status, detail = "backup_failed", 503, "The database could not be copied."


class NewerBackup(DomainError):
    code, status, detail = "restore_newer", 409, "The backup is newer than this program. Update the program first."


class OldServer(DomainError):
    code, status, detail = "restore_old_server", 409, "The database server is older than the backup's."


class OtherKey(DomainError):
    code, status = "restore_other_key", 409
    detail = (
        "This backup was not made with this SECRET_KEY: either somebody else made the file, or the second factors, the "
        "secrets of webhooks, links and the signing key of dossiers in it are lost. If you accept that: --other-key."
    )


class NotEmpty(DomainError):
    code, status = "restore_not_empty", 409
    detail = (
        "The database is not empty, and nothing is ever restored over something else. Give an empty database with "
        "--into; for the embedded one, stop the server and move var/postgres away."
    )


class RestoreFailed(DomainError):
    code, status, detail = "restore_failed", 503, "The backup could not be restored; the database is as it was."


class Differs(DomainError):
    code, status, detail = "restore_differs", 500, "What was restored is not what was backed up."
