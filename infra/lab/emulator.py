"""Carries the laboratory's access links and spoils them on request: loss, bursts, delay, jitter, a thin rate, silence.

    emulator.py NAME=NAMESPACE:DEVICE,NAMESPACE:DEVICE ...

A link is a pair of TUN devices, one in each namespace; "up" is from the first to the second. Kernels without
`sch_netem` are common, so the packets pass through this process. It prints `ready`, then takes one JSON object a line
on standard input and answers each with one on standard output:

    {"link": "a", "way": "up" | "down" | "both", "set": {"loss": 5, "rate": 150}}   only what is named changes
    {"link": "a", "reset": true}     {"flows": true}     {"forget": true}

`loss` %, `burst` mean length of a run of lost packets (0: each on its own), `delay` and `jitter` ms, `rate` kbit/s (0:
no limit), `queue` ms of backlog before packets are dropped, `off` 1 swallows everything. Linux, root, standard library.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import heapq
import itertools
import json
import os
import random
import select
import struct
import sys
import time
from dataclasses import dataclass, field
from ipaddress import IPv4Address

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
CLONE_NEWNET = 0x40000000
PROTOCOLS = {1: "icmp", 6: "tcp", 17: "udp"}
LARGEST_PACKET = 65_536
# One look at a device takes at most so many packets, so that a flood on one link cannot starve the others.
MOST_AT_ONCE = 64
# epoll counts whole milliseconds: the last bit of a wait is slept instead.
COARSE_S = 0.0015

_order = itertools.count()
Waiting = list[tuple[float, int, "Way", bytes]]


@dataclass
class Knobs:
    """What is done to the packets of one way; as in the module's docstring."""

    loss: float = 0
    burst: float = 0
    delay: float = 0
    jitter: float = 0
    rate: float = 0
    queue: float = 300
    off: float = 0


@dataclass(eq=False)
class Way:
    """One direction of a link: what comes in on its device leaves, or not, by `out`."""

    out: int
    knobs: Knobs = field(default_factory=Knobs)
    flows: dict[str, list[int]] = field(default_factory=dict)  # "udp 1.2.3.4>5.6.7.8" -> [packets, bytes]
    free_at: float = 0  # when the thin part of the link has sent what it holds
    last_at: float = 0  # delivery time of the newest packet: jitter must not reorder
    in_burst: bool = False

    def set(self, wish: dict[str, float]) -> None:
        for name, value in wish.items():
            if not hasattr(self.knobs, name):
                raise KeyError(name)
            setattr(self.knobs, name, float(value))
        self.free_at = 0

    def take(self, packet: bytes, now: float, waiting: Waiting) -> None:
        if packet[0] >> 4 != 4:
            return  # IPv6 is switched off in the laboratory; what still comes is router solicitations
        self._count(packet)
        if self.knobs.off or self._is_lost():
            return
        at = self._through_the_bottleneck(len(packet), now)
        if at is None:
            return
        at += (self.knobs.delay + random.random() * self.knobs.jitter) / 1000  # noqa: S311 - no secret
        self.last_at = at = max(at, self.last_at)
        if at <= now:
            self.deliver(packet)
        else:
            heapq.heappush(waiting, (at, next(_order), self, packet))

    def deliver(self, packet: bytes) -> None:
        with contextlib.suppress(OSError):  # the device over there is down: lost, as on a real link
            os.write(self.out, packet)

    def _count(self, packet: bytes) -> None:
        name = PROTOCOLS.get(packet[9], str(packet[9]))
        flow = self.flows.setdefault(f"{name} {IPv4Address(packet[12:16])}>{IPv4Address(packet[16:20])}", [0, 0])
        flow[0] += 1
        flow[1] += len(packet)

    def _is_lost(self) -> bool:
        """Independent losses, or Gilbert's two states with the same share of losses in the long run."""
        share = self.knobs.loss / 100
        if share <= 0:
            return False
        luck = random.random()  # noqa: S311 - no secret
        if self.knobs.burst <= 1:
            return luck < share
        leaves = 1 / self.knobs.burst
        enters = share * leaves / max(1e-9, 1 - share)
        self.in_burst = luck >= leaves if self.in_burst else luck < enters
        return self.in_burst

    def _through_the_bottleneck(self, size: int, now: float) -> float | None:
        """When the packet has passed the thin part; None when the queue before it is full."""
        if self.knobs.rate <= 0:
            return now
        if (self.free_at - now) * 1000 > self.knobs.queue:
            return None
        self.free_at = max(now, self.free_at) + size * 8 / (self.knobs.rate * 1000)
        return self.free_at


def open_tun(namespace: str, device: str) -> int:
    """A new TUN device in another network namespace; its packets are read and written here."""
    libc = ctypes.CDLL(None, use_errno=True)
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    try:
        if libc.setns(there, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"cannot enter namespace {namespace}")
        tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", device.encode(), IFF_TUN | IFF_NO_PI))
        return tun
    finally:
        libc.setns(home, CLONE_NEWNET)
        os.close(there)
        os.close(home)


class Emulator:
    """All links of a laboratory, and the loop that carries them."""

    def __init__(self, links: dict[str, tuple[tuple[str, str], tuple[str, str]]]) -> None:
        self._ways: dict[str, dict[str, Way]] = {}
        self._by_device: dict[int, Way] = {}
        self._waiting: Waiting = []
        self._devices = select.epoll()
        for name, (first, second) in links.items():
            one, other = open_tun(*first), open_tun(*second)
            self._ways[name] = {"up": Way(other), "down": Way(one)}
            self._by_device |= {one: self._ways[name]["up"], other: self._ways[name]["down"]}
            self._devices.register(one, select.EPOLLIN)
            self._devices.register(other, select.EPOLLIN)

    def run(self) -> None:
        """Until standard input ends."""
        commands = sys.stdin.fileno()
        os.set_blocking(commands, False)
        self._devices.register(commands, select.EPOLLIN)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        unread = b""
        while True:
            for device, _ in self._wait():
                way = self._by_device.get(device)
                if way is not None:
                    self._read(device, way)
                    continue
                said = os.read(commands, LARGEST_PACKET)
                if not said:
                    return
                *lines, unread = (unread + said).split(b"\n")
                for line in lines:
                    sys.stdout.write(json.dumps(self._answer(line)) + "\n")
                    sys.stdout.flush()
            now = time.monotonic()
            while self._waiting and self._waiting[0][0] <= now:
                _, _, way, packet = heapq.heappop(self._waiting)
                way.deliver(packet)

    def _wait(self) -> list[tuple[int, int]]:
        if not self._waiting:
            return self._devices.poll()
        left = max(0.0, self._waiting[0][0] - time.monotonic())
        if left > COARSE_S:
            return self._devices.poll(left - COARSE_S / 2)
        ready = self._devices.poll(0)
        if not ready and left > 0:
            time.sleep(left)
        return ready

    def _read(self, device: int, way: Way) -> None:
        now = time.monotonic()
        try:
            for _ in range(MOST_AT_ONCE):
                way.take(os.read(device, LARGEST_PACKET), now, self._waiting)
        except OSError:
            pass  # nothing more to read, or the device is down

    def _answer(self, line: bytes) -> dict[str, object]:
        try:
            return self._obey(json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            return {"error": repr(error)}  # a slip in a command must not stop every link

    def _obey(self, command: dict[str, object]) -> dict[str, object]:
        if command.get("flows"):
            return {name: {which: way.flows for which, way in ways.items()} for name, ways in self._ways.items()}
        if command.get("forget"):
            for ways in self._ways.values():
                for way in ways.values():
                    way.flows.clear()
            return {}
        ways = self._ways[str(command["link"])]
        which = str(command.get("way", "both"))
        for way in ways.values() if which == "both" else [ways[which]]:
            if command.get("reset"):
                way.knobs = Knobs()
            wish = command.get("set", {})
            way.set(wish if isinstance(wish, dict) else {})
        return {}


def parse(spec: str) -> tuple[str, tuple[tuple[str, str], tuple[str, str]]]:
    """`NAME=NAMESPACE:DEVICE,NAMESPACE:DEVICE`."""
    name, ends = spec.split("=")
    (one, first), (other, second) = (end.split(":") for end in ends.split(","))
    return name, ((one, first), (other, second))


if __name__ == "__main__":
    Emulator(dict(map(parse, sys.argv[1:]))).run()
