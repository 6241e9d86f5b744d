/** A database of addresses cannot be used. The message names the setting, says what is wrong and what to do. */
export class GeographyError extends Error {
  override readonly name = 'GeographyError'
}
