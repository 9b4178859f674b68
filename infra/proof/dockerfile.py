"""Reads a Dockerfile as far as ours go: stages, steps, continued lines, words as JSON or as a shell has them.

Standard library only. What it does not know it refuses: a step that is silently skipped would prove nothing.
"""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, field

KNOWN = frozenset({"CMD", "COPY", "ENV", "EXPOSE", "HEALTHCHECK", "RUN", "USER", "VOLUME", "WORKDIR"})


class NotUnderstood(Exception):
    """A Dockerfile that this reader cannot follow; the text names the line."""


@dataclass(frozen=True)
class Step:
    """One instruction: `RUN` and its like in capitals, flags without dashes, the rest as it was written."""

    does: str
    rest: str
    flags: dict[str, str]

    @property
    def words(self) -> list[str]:
        """The words of a list in JSON, or of a line as a shell splits it."""
        if self.rest.startswith("["):
            words: list[str] = json.loads(self.rest)
            return words
        return shlex.split(self.rest)


@dataclass
class Stage:
    """`parent` is the image or the earlier stage that it begins with."""

    parent: str
    name: str
    steps: list[Step] = field(default_factory=list)

    def all(self, does: str) -> list[Step]:
        return [step for step in self.steps if step.does == does]


def read(text: str) -> list[Stage]:
    """The stages in their order; the last one is what is built when none is named.

    Raises:
        NotUnderstood: an instruction or a form that this reader does not know.
    """
    stages: list[Stage] = []
    for line in _whole_lines(text):
        does, _, rest = line.partition(" ")
        does, rest = does.upper(), rest.strip()
        if does == "FROM":
            words = rest.split()
            name = words[2] if len(words) == 3 and words[1].upper() == "AS" else ""
            if not name and len(words) != 1:
                raise NotUnderstood(line)
            stages.append(Stage(words[0], name or f"stage{len(stages)}"))
        elif does in KNOWN and stages:
            flags, rest = _flags(rest)
            stages[-1].steps.append(Step(does, rest, flags))
        else:
            raise NotUnderstood(line)
    return stages


def lineage(stages: list[Stage], name: str) -> list[Stage]:
    """The stage of that name and those it begins with, the oldest first."""
    by_name = {stage.name: stage for stage in stages}
    found = [by_name[name]]
    while (parent := found[0].parent) in by_name:
        found.insert(0, by_name[parent])
    return found


def last(stages: list[Stage], name: str, does: str) -> Step:
    """What holds in the end of something that each stage may say anew, such as CMD."""
    return [step for stage in lineage(stages, name) for step in stage.all(does)][-1]


def environment(stages: list[Stage], name: str) -> dict[str, str]:
    """Every variable that is set on the way to a stage's end."""
    settings = [word for stage in lineage(stages, name) for step in stage.all("ENV") for word in step.words]
    return dict(word.split("=", 1) for word in settings)


def _whole_lines(text: str) -> list[str]:
    """Lines with their continuations, without comments (which may stand between the two)."""
    whole: list[str] = []
    going_on = False
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        part = line.rstrip()
        more = part.endswith("\\")
        part = part.removesuffix("\\").strip()
        if going_on:
            whole[-1] += f" {part}"
        else:
            whole.append(part)
        going_on = more
    return whole


def _flags(rest: str) -> tuple[dict[str, str], str]:
    flags: dict[str, str] = {}
    while rest.startswith("--"):
        flag, _, rest = rest.partition(" ")
        name, _, value = flag.removeprefix("--").partition("=")
        flags[name] = value
        rest = rest.lstrip()
    return flags, rest
