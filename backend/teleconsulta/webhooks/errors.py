"""What is refused about receivers. The codes of attempts that failed are in `sender`."""

from teleconsulta.kernel.errors import Conflict, DomainError, Invalid, NotFound


class WebhookNotFound(NotFound):
    code, detail = "webhook_not_found", "There is no such receiver."


class TooManyWebhooks(Conflict):
    code, detail = "too_many_webhooks", "There are as many receivers as this server serves."


class WebhookDisabled(Conflict):
    code, detail = "webhook_disabled", "This receiver is switched off."


class NeedsHttps(Invalid):
    code, detail = "webhook_needs_https", "A receiver's address begins with https://."


class ForbiddenAddress(Invalid):
    code, detail = "webhook_address_forbidden", "The receiver's name leads into a network that is not public."


class UnknownHost(Invalid):
    code, detail = "webhook_host_unknown", "The receiver's name leads nowhere."


REFUSALS: tuple[type[DomainError], ...] = (NeedsHttps, ForbiddenAddress, UnknownHost)
