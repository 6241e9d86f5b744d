/** Room of a NATS message that its headers, or the envelope of a dead letter, may take. */
export const HEADROOM_BYTES = 16 * 1024

/** The largest payload, in bytes of JSON, with a NATS server as it comes: 1 MiB less the headroom. */
export const MAX_PAYLOAD_BYTES = 1024 * 1024 - HEADROOM_BYTES
