/** Source kinds that no log of a decoy tells: what others say of attackers is only theirs to say. */
export const PRIVILEGED_KINDS: ReadonlySet<string> = new Set(['credential', 'identity', 'intel'])
