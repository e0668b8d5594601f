# The register as an image: one program, the certificates of public authorities, and nothing else to keep up to date.
#
#     docker build -t riskregister .
#     docker run -v riskregister:/data riskregister init --name "Region Exempel" --kind region --admin you@example.org
#     docker run -p 8080:8080 -v riskregister:/data riskregister
#
# The first `init` makes the database, the secret and the signing key (riskregister.key) in /data, and checkpoints are
# kept there too.
#
# Builder and runtime are of the same Debian, as the program is linked to its C library.

FROM rust:1.95-slim-trixie AS build
# OpenSSL, for TLS to PostgreSQL, is built from source and asks for the first two; python3 writes the notices. A plain
# `cargo build` needs none of them.
RUN apt-get update \
 && apt-get install -y --no-install-recommends make perl python3 \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /build

# The dependencies first, with empty crates in place of ours: this layer, by far the longest, is built again only when
# a manifest changes. Every target that they name must be there, the benches too. Ours are cleaned away after it;
# by the times of their files alone cargo could take the empty ones for built. The flags of SQLite stand in .cargo.
COPY .cargo .cargo
COPY Cargo.toml Cargo.lock ./
COPY document/Cargo.toml document/
COPY workbook/Cargo.toml workbook/
RUN mkdir benches src document/benches document/src workbook/src \
 && echo 'fn main() {}' > src/main.rs \
 && touch src/lib.rs document/src/lib.rs workbook/src/lib.rs \
 && touch benches/log.rs benches/pages.rs benches/speed.rs document/benches/report.rs \
 && cargo build --release --locked --features postgres-tls \
 && cargo clean --release --package riskregister --package riskregister-document --package riskregister-workbook \
 && rm -r benches src document/benches document/src workbook/src

COPY . .
RUN cargo build --release --locked --features postgres-tls --bin riskregister
# What others wrote of it, with the texts of their licences.
RUN licences/parts notices > THIRD-PARTY-NOTICES


FROM debian:trixie-slim
LABEL org.opencontainers.image.title="Riskregister" \
      org.opencontainers.image.description="The open register of internal-control risks for public bodies" \
      org.opencontainers.image.licenses="EUPL-1.2"
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 10001 riskregister \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin riskregister \
 && install --directory --owner riskregister --group riskregister --mode 0700 /data
COPY --from=build /build/target/release/riskregister /usr/local/bin/riskregister
COPY --from=build /build/THIRD-PARTY-NOTICES /usr/share/doc/riskregister/
COPY LICENSE /usr/share/doc/riskregister/

# By number, so that a cluster that refuses root can tell that this is not root.
USER 10001:10001
WORKDIR /data
VOLUME /data
# OpenSSL from source looks for certificates where Debian has none. Memory as in deploy/systemd/riskregister.service.
ENV LISTEN=0.0.0.0:8080 \
    MIMALLOC_ALLOW_THP=0 MIMALLOC_PURGE_DELAY=10 \
    DATABASE_URL=sqlite:///data/riskregister.db \
    SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
EXPOSE 8080
# Asks /healthz at LISTEN itself; the image has no curl.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["riskregister", "health"]
ENTRYPOINT ["riskregister"]
CMD ["serve"]
