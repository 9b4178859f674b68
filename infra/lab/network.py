"""A small internet in network namespaces, for calls over hostile networks. Linux, root, standard library only.

    network.py [PREFIX]

    alice --wlan0-- nata ==a== inet -- srv      203.0.113.10 the server on 443; .11 and .12 relays on 3478 and, TLS, 443
       \\---wwan0-- natc ==c==  |
    bob ---eth0--- natb ==b====/                == is a link carried by emulator.py, reset to perfect at the start

The addresses are those of documentation (RFC 5737) and exist in the namespaces only. It prints `ready`, takes one JSON
object a line on standard input and answers each with `{"at": <unix time, s>, ...}` or `{"error": ...}`:

    {"do": "nat", "site": "a", "kind": "cone" | "symmetric"}          what the home router does with addresses
    {"do": "firewall", "site": "a", "kind": "open" | "no_udp" | "only_443"}
    {"do": "forget", "site": "a"}                                     the router loses every mapping it had
    {"do": "switch", "to": "wwan0" | "wlan0", "gap": 3}               alice's way out changes, after `gap` s of nothing
    {"do": "overlap", "to": "wwan0", "seconds": 1}                    the new way is there before the old one goes
    {"do": "appear", "device": "wwan0"} / "vanish"                    an address comes or goes, the way out stays
    {"do": "renumber"}                                                alice gets another address from the same router
    {"do": "flap", "who": "alice" | "bob", "seconds": 4}              the cable is out for a while
    {"do": "link", ...}  straight to emulator.py     {"do": "home"}  as at the start; the end of input takes all down
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any

SERVER, RELAYS = "203.0.113.10", ("203.0.113.11", "203.0.113.12")
NAMESPACES = ("srv", "inet", "nata", "natb", "natc", "alice", "bob")
WAN = {"a": "198.51.100.10", "b": "198.51.100.20", "c": "198.51.100.30"}
# Who lives behind a router, by which device, in which network (the router is .1, the person .2).
HOMES = {"a": ("alice", "wlan0", "192.168.11"), "b": ("bob", "eth0", "192.168.22"), "c": ("alice", "wwan0", "10.33.0")}
NEIGHBOUR = 77  # the last part of the address that `renumber` gives
FIREWALLS = {
    "open": ("accept", "ct state established,related accept"),
    "no_udp": ("ip protocol tcp accept", 'iifname "wan" ct state established,related ip protocol tcp accept'),
    "only_443": ("tcp dport 443 accept", 'iifname "wan" ct state established,related tcp sport 443 accept'),
}
# A router that takes in unsolicited packets would answer for its own ports and spoil hole punching: this one does not.
RULES = """flush ruleset
table ip nat {{
  chain post {{
    type nat hook postrouting priority 100
    oifname "wan" {masquerade}
  }}
}}
table ip filter {{
  chain input {{
    type filter hook input priority 0; policy accept
    iifname "wan" ct state != established drop
  }}
  chain forward {{
    type filter hook forward priority 0; policy drop
    {back}
    iifname "lan" {out}
  }}
}}
"""


def run(*command: str, given: str | None = None, lenient: bool = False) -> None:
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    if done.returncode and not lenient:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")


class Network:
    """The namespaces of one prefix, so that several laboratories may stand side by side."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._routers: dict[str, list[str]] = {}
        self._emulator: subprocess.Popen[str] | None = None
        self._numbered = 2

    # -- building ----------------------------------------------------------------------------------------

    def up(self) -> None:
        self.down()  # what a killed run may have left
        for name in NAMESPACES:
            self._make(name)
        self._connect_server()
        self._start_links()
        for site in WAN:
            self._connect_site(site)
        self.do_home()

    def down(self) -> None:
        if self._emulator is not None:
            self._emulator.kill()
            self._emulator.wait()
        for name in NAMESPACES:
            full = self._prefix + name
            if not Path("/run/netns", full).exists():
                continue
            found = subprocess.run(["ip", "netns", "pids", full], capture_output=True, text=True, check=False)  # noqa: S603, S607
            for pid in map(int, found.stdout.split()):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            run("ip", "netns", "del", full, lenient=True)
            shutil.rmtree(Path("/etc/netns", full), ignore_errors=True)

    def _make(self, name: str) -> None:
        full = self._prefix + name
        run("ip", "netns", "add", full)
        settings = Path("/etc/netns", full)
        settings.mkdir(parents=True, exist_ok=True)
        # Chromium asks for relays reached by UDP with a trailing dot: the hosts file has to know both.
        hosts = [f"{SERVER} app.lab"] + [f"{ip} turn{n}.lab turn{n}.lab." for n, ip in enumerate(RELAYS, 1)]
        (settings / "hosts").write_text("\n".join(["127.0.0.1 localhost", *hosts, ""]))
        (settings / "resolv.conf").write_text("")
        self._in(name, "ip", "link", "set", "lo", "up")
        self._in(name, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1")

    def _connect_server(self) -> None:
        run("ip", "link", "add", "eth0", "netns", self._prefix + "srv", "type", "veth", "peer", "name", "srv",
            "netns", self._prefix + "inet")  # fmt: skip
        for address in (SERVER, *RELAYS):
            self._in("srv", "ip", "addr", "add", f"{address}/24", "dev", "eth0")
        self._in("srv", "ip", "link", "set", "eth0", "up")
        self._in("srv", "ip", "route", "add", "default", "via", "203.0.113.1")
        self._in("inet", "ip", "addr", "add", "203.0.113.1/24", "dev", "srv")
        self._in("inet", "ip", "link", "set", "srv", "up")
        self._in("inet", "sysctl", "-qw", "net.ipv4.ip_forward=1")

    def _start_links(self) -> None:
        program = str(Path(__file__).with_name("emulator.py"))
        links = [f"{site}={self._prefix}nat{site}:wan,{self._prefix}inet:to{site}" for site in WAN]
        self._emulator = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, program, *links], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        if self._pipe(self._emulator.stdout).readline().strip() != "ready":
            raise RuntimeError("the emulator did not start")

    def _connect_site(self, site: str) -> None:
        router, wan = f"nat{site}", WAN[site]
        self._in(router, "ip", "addr", "add", f"{wan}/32", "dev", "wan")
        self._in(router, "ip", "link", "set", "wan", "up", "mtu", "1500")
        self._in(router, "ip", "route", "add", "default", "dev", "wan")
        self._in(router, "sysctl", "-qw", "net.ipv4.ip_forward=1")
        self._in("inet", "ip", "link", "set", f"to{site}", "up", "mtu", "1500")
        self._in("inet", "ip", "route", "add", f"{wan}/32", "dev", f"to{site}")
        person, device, net = HOMES[site]
        run("ip", "link", "add", device, "netns", self._prefix + person, "type", "veth", "peer", "name", "lan",
            "netns", self._prefix + router)  # fmt: skip
        self._in(router, "ip", "addr", "add", f"{net}.1/24", "dev", "lan")
        self._in(router, "ip", "link", "set", "lan", "up")
        self._routers[site] = ["cone", "open"]
        self._apply(site)
        self._appear(device)
        self._leads_out(device)

    # -- what may happen ---------------------------------------------------------------------------------

    def obey(self, command: dict[str, Any]) -> dict[str, Any]:
        do = command.pop("do")
        act = getattr(self, f"do_{do}", None)
        if act is None:
            raise ValueError(f"nothing is called {do}")
        answer: dict[str, Any] = act(**command) or {}
        return {"at": time.time()} | answer

    def do_nat(self, site: str, kind: str) -> None:
        self._routers[site][0] = kind
        self._apply(site)

    def do_firewall(self, site: str, kind: str) -> None:
        self._routers[site][1] = kind
        self._apply(site)

    def do_forget(self, site: str) -> None:
        self._in(f"nat{site}", "conntrack", "-F", lenient=True)

    def do_switch(self, to: str, gap: float = 0) -> dict[str, Any]:
        gone = time.time()
        self._disappear("wwan0" if to == "wlan0" else "wlan0")
        if gap:
            time.sleep(gap)
        self._appear(to)
        self._leads_out(to)
        return {"gone": gone}

    def do_overlap(self, to: str, seconds: float) -> None:
        self._appear(to)
        self._leads_out(to)
        time.sleep(seconds)
        self._disappear("wwan0" if to == "wlan0" else "wlan0")

    def do_appear(self, device: str) -> None:
        self._appear(device)

    def do_vanish(self, device: str) -> None:
        self._disappear(device)

    def do_renumber(self) -> None:
        self._in("alice", "ip", "addr", "flush", "dev", "wlan0")
        self._numbered = NEIGHBOUR if self._numbered == 2 else 2
        self._appear("wlan0", self._numbered)
        self._leads_out("wlan0")

    def do_flap(self, who: str, seconds: float) -> None:
        device = "wlan0" if who == "alice" else "eth0"
        self._in(who, "ip", "link", "set", device, "down")
        time.sleep(seconds)
        self._in(who, "ip", "link", "set", device, "up")
        self._leads_out(device)

    def do_link(self, **command: Any) -> dict[str, Any]:
        if self._emulator is None:
            raise RuntimeError("no links")
        said = self._pipe(self._emulator.stdin)
        said.write(json.dumps(command) + "\n")
        said.flush()
        answer: dict[str, Any] = json.loads(self._pipe(self._emulator.stdout).readline())
        if "error" in answer:
            raise ValueError(answer["error"])
        return {"links": answer}

    def do_home(self) -> None:
        for site in WAN:
            self._routers[site] = ["cone", "open"]
            self._apply(site)
            self.do_link(link=site, reset=True)
        self._disappear("wwan0")
        self._in("alice", "ip", "addr", "flush", "dev", "wlan0")
        self._numbered = 2
        for device in ("wlan0", "eth0"):
            self._appear(device)
            self._leads_out(device)

    # -- how ----------------------------------------------------------------------------------------------

    def _apply(self, site: str) -> None:
        kind, firewall = self._routers[site]
        out, back = FIREWALLS[firewall]
        masquerade = "masquerade fully-random" if kind == "symmetric" else "masquerade"
        self._in(f"nat{site}", "nft", "-f", "-", given=RULES.format(masquerade=masquerade, out=out, back=back))
        self.do_forget(site)

    # Like a network manager: the address comes and goes with the link. Browsers listen for addresses, and a link that
    # goes down alone leaves them with a stale list.
    def _appear(self, device: str, last: int = 2) -> None:
        person, net = self._home(device)
        self._in(person, "ip", "link", "set", device, "up")
        self._in(person, "ip", "addr", "replace", f"{net}.{last}/24", "dev", device)

    def _leads_out(self, device: str) -> None:
        person, net = self._home(device)
        self._in(person, "ip", "route", "replace", "default", "via", f"{net}.1", "dev", device)

    def _disappear(self, device: str) -> None:
        person, _ = self._home(device)
        self._in(person, "ip", "addr", "flush", "dev", device)
        self._in(person, "ip", "link", "set", device, "down")

    @staticmethod
    def _home(device: str) -> tuple[str, str]:
        return next((person, net) for person, has, net in HOMES.values() if has == device)

    def _in(self, name: str, *command: str, given: str | None = None, lenient: bool = False) -> None:
        run("ip", "netns", "exec", self._prefix + name, *command, given=given, lenient=lenient)

    @staticmethod
    def _pipe(pipe: IO[str] | None) -> IO[str]:
        if pipe is None:
            raise RuntimeError("no pipe")
        return pipe


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(prefix: str) -> None:
    network = Network(prefix)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        network.up()
        tell("ready")
        for line in sys.stdin:
            try:
                answer = network.obey(json.loads(line))
            except (ValueError, TypeError, KeyError, RuntimeError) as error:
                answer = {"error": str(error)}
            tell(json.dumps(answer))
    finally:
        network.down()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "tcl")
