# The NATS server without root: its own image has no folder that another user could write to.
FROM nats:2.12-alpine
RUN mkdir -m 0700 /var/lib/nats && chown 10002:10002 /var/lib/nats
USER 10002:10002
VOLUME /var/lib/nats
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 \
    CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8222/healthz"]
ENTRYPOINT ["nats-server"]
CMD ["--config", "/etc/nats/nats-server.conf"]
