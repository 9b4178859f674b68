"""From what was measured to the lines of the table. The targets are those of the quality page of the docs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.call_ours import Bill
from bench.crowd import Crowd
from bench.figures import quantile, summary
from bench.table import Row, missing, spread

MIROTALK_OVER_PEERJS = 3.8 / 2.3
"""P6: measured once side by side; MiroTalk itself is not part of this run."""

Findings = dict[str, Any]


def _beside(median: float, others: dict[str, list[float]], digits: int = 0) -> str:
    parts = []
    for name, samples in others.items():
        theirs = quantile(samples, 0.5)
        parts.append(f"{name} {theirs:.{digits}f} (x{median / theirs:.2f})" if theirs else f"{name} 0")
    return ", ".join(parts)


def _column(samples: list[Findings], *names: str) -> list[float]:
    """The greatest of the named values of each sample: both sides see when the later one does."""
    return [max(float(sample[name]) for name in names) for sample in samples]


def demo(found: Findings) -> list[Row]:
    """P1 and P7."""
    samples, rows = found["samples"], []
    for title, names in (("second person sees", ("second",)), ("both see", ("second", "first"))):
        ours = summary(_column(samples["ours"], *names))
        others = {name: _column(samples[name], *names) for name in ("peerjs", "seed")}
        limit = 0.75 * quantile(others["peerjs"], 0.5)
        rows.append(
            Row(
                "P1",
                f"navigation to first picture, {title}, ms",
                f"{ours.median:.0f}",
                spread(ours),
                f"<= 0.75 x PeerJS = {limit:.0f}",
                ours.median <= limit,
                _beside(ours.median, others),
            )
        )
    return [*rows, _browser_cpu(found)]


def _browser_cpu(found: Findings) -> Row:
    title = "server CPU per real call, pages served, ms"
    costs: dict[str, list[float]] = {}
    for name, samples in found["samples"].items():
        idle = found["idle_ms_per_second"][name]
        if idle is None or any(sample["cpu"] is None for sample in samples):
            return missing("P7", title, "the system does not count processor time finely enough")
        costs[name] = [max(0.0, sample["cpu"] - idle * sample["seconds"]) for sample in samples]
    ours = summary(costs.pop("ours"))
    limit = 0.6 * quantile(costs["peerjs"], 0.5)
    idle = found["idle_ms_per_second"]["ours"]
    return Row(
        "P7",
        title,
        f"{ours.median:.1f}",
        spread(ours, 1),
        f"<= 0.6 x PeerJS = {limit:.1f}",
        ours.median <= limit,
        f"{_beside(ours.median, costs, 1)}; idle {idle:.1f} ms/s taken off",
    )


def admission(found: Findings) -> list[Row]:
    """P2 and P11."""
    samples, rows = found["samples"], []
    for title, names in (
        ("doctor sees", ("doctor",)),
        ("patient sees", ("patient",)),
        ("both see", ("doctor", "patient")),
    ):
        ours = summary(_column(samples["ours"], *names))
        others = {name: _column(samples[name], *names) for name in ("peerjs", "seed")}
        limit = min(200.0, 0.7 * quantile(others["peerjs"], 0.5))
        rows.append(
            Row(
                "P2",
                f"Admitir to first picture, {title}, ms",
                f"{ours.median:.0f}",
                spread(ours),
                f"<= 200, p95 <= 350, <= 0.7 x PeerJS = {0.7 * quantile(others['peerjs'], 0.5):.0f}",
                ours.median <= limit and ours.p95 <= 350,
                _beside(ours.median, others),
            )
        )
    changed = summary(_column(samples["ours"], "stage"))
    rows.append(
        Row(
            "P11",
            "Admitir to the patient's page changing, ms",
            f"{changed.median:.0f}",
            spread(changed),
            "p95 <= 250",
            changed.p95 <= 250,
            "others poll every 5 to 10 s",
        )
    )
    return rows


def reload(found: Findings) -> list[Row]:
    """P3."""
    rows = []
    for who in ("patient", "doctor"):
        both = summary(_column(found["samples"][who], "reloaded", "stayed"))
        page, other = (quantile(_column(found["samples"][who], name), 0.5) for name in ("reloaded", "stayed"))
        sides = f"reloaded page {page:.0f}, other page {other:.0f}"
        title = f"{who} reloads: pictures again on both sides, ms"
        rows.append(Row("P3", title, f"{both.median:.0f}", spread(both), "<= 1500", both.median <= 1500, sides))
    return rows


def wire(found: Findings) -> list[Row]:
    """P4 and P5."""
    weight = found["weight"]
    kilobytes = weight["bytes"] / 1000
    light = Row(
        "P4",
        "patient's way to the waiting room, kB and requests",
        f"{kilobytes:.1f} kB, {weight['requests']}",
        f"other origins: {weight['foreign']}",
        "<= 150 kB, <= 8, no other",
        kilobytes <= 150 and weight["requests"] <= 8 and weight["foreign"] == 0,
    )
    counts = {name: _messages(said) for name, said in found["messages"].items()}
    into, out, kilobytes = counts.pop("ours")
    said = found["messages"]["ours"]
    chat_in, chat_out = (_count(said[way], _is_chat) for way in ("in", "out"))
    others = ", ".join(f"{name} {one}/{other}, {size:.0f} kB" for name, (one, other, size) in counts.items())
    told = Row(
        "P5",
        "messages through the server per call, in/out",
        f"{into}/{out}, {kilobytes:.0f} kB",
        f"{_count(said['out'], _is_answer)} of the {out} are answers; apart: 10 chats {chat_in}/{chat_out}, reports",
        "<= 14/14",
        into <= 14 and out <= 14,
        others,
    )
    return [light, told]


def _is_chat(name: str) -> bool:
    return name in {"chat_message", "chat-message", "chat_message ack"}


def _is_apart(name: str) -> bool:
    """Chat, and the reports that come every ten seconds for as long as a call lasts."""
    return _is_chat(name) or name.startswith("call_report")


def _is_answer(name: str) -> bool:
    return name.endswith(" ack") and not _is_apart(name)


def _count(said: Findings, which: Callable[[str], bool]) -> int:
    return sum(one["count"] for name, one in said.items() if which(name))


def _messages(said: Findings) -> tuple[int, int, float]:
    """In, out, and kB of both, of set-up and state."""
    size = sum(one["bytes"] for way in said.values() for name, one in way.items() if not _is_apart(name))
    into, out = (_count(said[way], lambda name: not _is_apart(name)) for way in ("in", "out"))
    return into, out, size / 1000


def picture(found: Findings) -> list[Row]:
    """P12."""
    after = found["reached_after_ms"]
    detail = f"{found['fps']:.0f} pictures/s" + (f", after {after / 1000:.1f} s" if after is not None else "")
    width = found["width"]
    return [Row("P12", "camera 1280x720: width decoded, px", f"{width}", detail, "1280", width >= 1280)]


def synthetic(bill: Bill, others: dict[str, list[float]]) -> list[Row]:
    """P6, and what each part costs."""
    ours = summary(bill.total)
    limit = MIROTALK_OVER_PEERJS * quantile(others["peerjs"], 0.5)
    head = Row(
        "P6",
        "server CPU per synthetic call, ms",
        f"{ours.median:.1f}",
        spread(ours, 1),
        f"<= MiroTalk ~ {MIROTALK_OVER_PEERJS:.2f} x PeerJS = {limit:.1f}",
        ours.median <= limit,
        _beside(ours.median, others, 1),
    )
    parts = [Row("", f"  of it: {name}", f"{summary(cost).median:.2f}") for name, cost in bill.parts.items()]
    database = Row("", "  beside it: PostgreSQL's processes", f"{bill.database[0]:.1f}", "mean, room's making included")
    return [head, *parts, database]


def crowd(found: Crowd, others: dict[str, tuple[float, float]]) -> list[Row]:
    """P8 and P10. `others`: MB idle, and MB more with 1,000 sockets."""
    per_thousand = found.grown / found.sockets * 1000
    beside = ", ".join(f"{name} {idle:.0f} / {grown:.0f}" for name, (idle, grown) in others.items())
    rows = [
        Row(
            "P8",
            "resident memory, idle / per 1,000 sockets, MB",
            f"{found.idle:.0f} / {per_thousand:.0f}",
            f"{found.sockets} sockets in {found.rooms} rooms",
            "<= 110 / <= 35",
            found.idle <= 110 and per_thousand <= 35,
            beside,
        )
    ]
    for relay in found.relays:
        latency = summary(relay.latencies)
        p99 = quantile(relay.latencies, 0.99)
        lost = relay.sent - relay.delivered
        full = relay is found.relays[-1]
        rows.append(
            Row(
                "P10",
                f"{relay.rooms} rooms, {relay.rate:.0f} messages/s: lost, p99 ms",
                f"{lost} lost, {p99:.1f}",
                f"median {latency.median:.1f}, max {latency.high:.0f}, n={relay.sent}",
                "0 lost, p99 <= 50" if full else "flat",
                (lost == 0 and p99 <= 50) if full else None,
                f"{relay.cpu_per_message:.2f} ms CPU a message",
            )
        )
    return rows


def starting(found: dict[str, list[float]]) -> list[Row]:
    """P9."""
    ours = summary(found["ours"])
    others = {name: samples for name, samples in found.items() if name != "ours"}
    beside = _beside(ours.median, others, 2)
    return [
        Row("P9", "start to first 200, s", f"{ours.median:.2f}", spread(ours, 2), "<= 1.5", ours.median <= 1.5, beside)
    ]
