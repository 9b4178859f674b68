"""What is refused about keeping, deleting and handing out."""

from teleconsulta.kernel.errors import Conflict, NotFound


class PreviewNotFound(NotFound):
    code, detail = "retention_preview_not_found", "There is no such preview."


class PreviewStale(Conflict):
    code, detail = (
        "retention_preview_stale",
        "The preview is old, not ready, used, or of other rules; make another.",
    )


class RetentionBusy(Conflict):
    code, detail = "retention_busy", "Another run is not done yet."


class PersonNotFound(NotFound):
    code, detail = "person_not_found", "There is no such person."
