# The clinic's other machines in `make proof`: Debian's PostgreSQL and Caddy. Read like infra/Dockerfile, never shipped.
FROM debian:trixie-20260918-slim@sha256:a99cfc517144bc59b1978475ec53b46ecabec7e43635402ee5b77cc54cd1b20a AS others
# hadolint ignore=DL3008
RUN printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod 0755 /usr/sbin/policy-rc.d \
 && apt-get update \
 && apt-get install --yes --no-install-recommends postgresql caddy \
 && rm -rf /var/lib/apt/lists/*
