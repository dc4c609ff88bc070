/** Why a source gave no keys; the message goes on after the source's name. */
export class SourceError extends Error {
  override readonly name = 'SourceError'
}
