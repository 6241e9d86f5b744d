# The service as an image. From this folder: docker build --tag decnet-ttp:0.1.0 .

# Not 24 before better-sqlite3 is 13: older ones abort the process from Node.js 24.19 on when a statement is collected.
FROM node:22-bookworm-slim AS build
# For the native modules (re2, better-sqlite3); the headers of Node.js are in the image, so none are downloaded.
ENV npm_config_nodedir=/usr/local
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends build-essential python3 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
COPY scripts/setup.mjs scripts/
# This is `npm ci`, and a note of it: the build below sees that nothing is missing.
RUN npm run setup
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY src src
COPY data data
COPY rules rules
COPY examples/cowrie examples/cowrie
RUN npm run build
# What only compilers need goes too: sources and object files of the native modules.
RUN npm prune --omit=dev \
    && rm -rf node_modules/re2/vendor node_modules/better-sqlite3/deps \
    && find node_modules -type d -path '*/build/Release/*' -prune -exec rm -rf {} +

FROM node:22-bookworm-slim
ARG REVISION=unknown
LABEL org.opencontainers.image.title="decnet-ttp" \
      org.opencontainers.image.description="Live MITRE ATT&CK tagging for honeypots" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.revision="${REVISION}"
# Nothing is installed in here any more. The user has a name, so that the log of rule changes can tell it.
RUN rm -rf /usr/local/lib/node_modules /opt/yarn-* \
        /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn /usr/local/bin/yarnpkg \
    && groupadd --gid 10001 decnet-ttp \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/decnet-ttp --shell /usr/sbin/nologin \
        decnet-ttp \
    && install --directory --owner=10001 --group=10001 --mode=0700 /var/lib/decnet-ttp \
    && ln -s /opt/decnet-ttp/dist/cli/main.js /usr/local/bin/decnet-ttp
WORKDIR /opt/decnet-ttp
COPY package.json LICENSE NOTICE ./
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/data data
COPY --from=build /build/rules rules
COPY --from=build /build/dist dist
# Settings are read from the working folder: mount a file of your own over this one, or set DECNET_TTP_*.
COPY deploy/image.yaml /etc/decnet-ttp/decnet-ttp.yaml
WORKDIR /etc/decnet-ttp
ENV NODE_ENV=production \
    DECNET_TTP_LISTEN=0.0.0.0:8650
USER 10001:10001
# The only place that is written to, besides /tmp: the rest may be mounted read-only.
VOLUME /var/lib/decnet-ttp
EXPOSE 8650
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["node", "-e", "fetch('http://127.0.0.1:8650/healthz').then(({ ok }) => process.exit(ok ? 0 : 1))"]
ENTRYPOINT ["decnet-ttp"]
CMD ["serve"]
