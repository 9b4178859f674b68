"""Where backups lie: a folder, or storage that speaks S3. Nothing there is ever half a file under its final name."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from teleconsulta.backup.errors import NoBackup, NoPlace, PlaceFailed
from teleconsulta.backup.manifest import CARD, DRILL, DUMP, NAME, Card, Drill, Sink

if TYPE_CHECKING:
    from obstore.store import S3Store

PIECE = 256 * 1024
PART = 8 << 20
"""Of a multipart upload; the storage allows 10,000, which is enough for 80 GB."""
MOST_CARD = 1 << 20
Record = TypeVar("Record", bound=BaseModel)
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Place(Protocol):
    """All of it blocks: call it in a thread.

    Raises:
        PlaceFailed: it cannot be reached or refuses. NoBackup: no such file.
    """

    where: str

    def writing(self, name: str) -> contextlib.AbstractContextManager[Sink]:
        """A file that is there when the block ends well, and otherwise is not."""

    def reading(self, name: str) -> Iterator[bytes]:
        """A file, a piece at a time."""

    def names(self) -> list[str]:
        """Every file."""

    def delete(self, name: str) -> None:
        """Take a file away; one that is gone already is fine."""


def place_of(address: str | None) -> Place:
    """
    Raises:
        NoPlace: neither a folder nor s3://bucket/prefix.
    """
    if not address:
        raise NoPlace
    if address.startswith("s3://"):
        return Bucket(address)
    if "://" in address:
        raise NoPlace
    return Folder(Path(address).absolute())


def cards(place: Place) -> list[Card]:
    """Everything that is a whole backup, oldest first: the card is written last. What is not a card is passed over."""
    names = set(place.names())
    whole = sorted(name.removesuffix(CARD) for name in names if name.endswith(CARD))
    found = []
    for name in whole:
        if NAME.fullmatch(name) and name + DUMP in names:
            card = _read(place, name + CARD, Card)
            if card is not None and card.name == name:
                found.append(card)
    return sorted(found, key=lambda card: (card.taken_at, card.name))


def card_of(place: Place, name: str | None) -> Card:
    """The backup of that name, or the newest.

    Raises:
        NoBackup.
    """
    known = cards(place)
    chosen = [card for card in known if name is None or card.name == name.removesuffix(DUMP).removesuffix(CARD)]
    if not chosen:
        raise NoBackup(f"There is no such backup in {place.where}.")
    return chosen[-1]


def drill_in(place: Place) -> Drill | None:
    """The last good restoration that was tried."""
    return _read(place, DRILL, Drill) if DRILL in place.names() else None


def put(place: Place, name: str, record: BaseModel) -> None:
    """Write a small record."""
    with place.writing(name) as out:
        out.write(record.model_dump_json(indent=1).encode() + b"\n")


def _read(place: Place, name: str, kind: type[Record]) -> Record | None:
    content = b""
    try:
        for piece in place.reading(name):
            content += piece
            if len(content) > MOST_CARD:
                return None
        return kind.model_validate_json(content)
    except (NoBackup, ValidationError):
        return None


class Folder:
    def __init__(self, path: Path) -> None:
        self._path, self.where = path, str(path)

    @contextlib.contextmanager
    def writing(self, name: str) -> Iterator[Sink]:
        part = self._path / f"{name}.part"
        try:
            with self._told():
                self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
                number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(number, "wb") as file:
                yield _Told(file, self._told)
                with self._told():
                    file.flush()
                    os.fsync(file.fileno())
            with self._told():
                part.replace(self._path / name)
        finally:
            part.unlink(missing_ok=True)

    def reading(self, name: str) -> Iterator[bytes]:
        with self._told(), (self._path / name).open("rb") as file:
            while piece := file.read(PIECE):
                yield piece

    def names(self) -> list[str]:
        with self._told():
            return [one.name for one in self._path.iterdir()] if self._path.exists() else []

    def delete(self, name: str) -> None:
        with self._told():
            (self._path / name).unlink(missing_ok=True)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            raise NoBackup from error
        except OSError as error:
            raise PlaceFailed(f"{self.where} cannot be used: {error.strerror}.") from error


class Bucket:
    """Credentials, region and endpoint come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and
    AWS_ENDPOINT_URL, as for every other tool. Plain HTTP is spoken with this very machine only."""

    def __init__(self, address: str) -> None:
        self.where = address
        self._known: S3Store | None = None

    @property
    def _store(self) -> S3Store:
        if self._known is None:
            from obstore.store import S3Store

            # What a scheduled job leaves unset arrives as an empty variable, and the library would take it at its word.
            for name in [name for name, value in os.environ.items() if name.startswith("AWS_") and not value]:
                del os.environ[name]
            endpoint = os.environ.get("AWS_ENDPOINT_URL") or os.environ.get("AWS_ENDPOINT", "")
            near = urlsplit(endpoint).hostname in LOOPBACK
            options: dict[str, Any] = {"allow_http": near, "timeout": "120s", "connect_timeout": "10s"}
            with self._told():
                self._known = S3Store.from_url(
                    self.where,
                    client_options=options,  # type: ignore[arg-type]  # a TypedDict
                    retry_config={"max_retries": 3},
                )
        return self._known

    @contextlib.contextmanager
    def writing(self, name: str) -> Iterator[Sink]:
        import obstore

        store = self._store
        with self._told():
            file = obstore.open_writer(store, name, buffer_size=PART, max_concurrency=2)
        yield _Told(file, self._told)
        # Not reached when the block fails: an upload that is not completed is no file.
        with self._told():
            file.close()

    def reading(self, name: str) -> Iterator[bytes]:
        import obstore

        store = self._store
        with self._told():
            for piece in obstore.get(store, name).stream(min_chunk_size=PIECE):
                yield bytes(piece)

    def names(self) -> list[str]:
        import obstore

        with self._told():
            pages: Sequence[Any] = list(obstore.list(self._store, chunk_size=1000))
            # As they lie in this place: deeper ones are somebody else's.
            return [path for page in pages for one in page if "/" not in (path := str(one["path"]))]

    def delete(self, name: str) -> None:
        import obstore

        with self._told(), contextlib.suppress(FileNotFoundError):
            obstore.delete(self._store, name)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        from obstore.exceptions import BaseError

        try:
            yield
        except FileNotFoundError as error:
            raise NoBackup from error
        except (BaseError, OSError, ValueError) as error:
            # The library's own words quote addresses and answers.
            raise PlaceFailed(f"{self.where} cannot be used ({type(error).__name__}).") from error


class _Told:
    """A sink whose failures are told in the place's words."""

    def __init__(self, file: Any, told: Any) -> None:
        self._file, self._told = file, told

    def write(self, data: bytes, /) -> int:
        with self._told():
            self._file.write(data)
        return len(data)
