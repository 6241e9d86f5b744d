/** Another worker of the swarm bundles another release of ATT&CK: what one stores the other would not understand. */
export class AttackReleaseMismatchError extends Error {
  override readonly name = 'AttackReleaseMismatchError'

  constructor(own: string, other: { readonly worker: string; readonly release: string }) {
    super(
      `this release speaks ${own}, but the worker ${JSON.stringify(other.worker)} that is running speaks ${other.release}; ` +
        'stop all workers of the other release first',
    )
  }
}
