"""Teleconsulta: self-hosted video consultations for small clinics."""

import gc
import sys

__version__ = "0.1.0"

# As a command (`python -m teleconsulta.cli`): what is imported stays, and looking for garbage in it again and again
# takes a third of the start. `cli` switches the collector on again once everything is loaded (decision 0029).
if sys.argv[:1] == ["-m"]:
    gc.disable()
