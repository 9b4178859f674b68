"""How often which cause keeps somebody from a call."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from prometheus_client import CollectorRegistry, Counter

from teleconsulta.kernel.causes import Cause

ToldBy = Literal["socket", "link", "test"]


class TroubleFigures:
    """`socket`: by somebody in a room; `link`: by somebody who could not come in; `test`: by a test beforehand."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._troubles = Counter(
            "teleconsulta_troubles", "What kept people from a call.", ("cause", "told_by"), registry=registry
        )

    def told(self, by: ToldBy, causes: Iterable[Cause | None]) -> None:
        """Count what somebody told; that nothing is in their way any more counts nothing."""
        for cause in causes:
            if cause is not None:
                self._troubles.labels(cause, by).inc()
