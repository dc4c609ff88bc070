import { isFault, parsePublicJwk, type Signer } from '@delegraph/link'
import { SdkError } from './errors.ts'
import type { EvidenceOptions } from './evidence/recorder.ts'

/** Ids are claims of signed texts: as long as the profile takes them, and not empty. */
export function checkId(value: unknown, name: string): void {
  if (typeof value !== 'string' || value.length === 0 || value.length > 512)
    throw new SdkError('invalid_config', `${name} must be a string of 1 to 512 characters`)
}

export function checkSigner(key: Signer): void {
  const usable = typeof key === 'object' && key !== null && typeof key.sign === 'function'
  if (!usable || isFault(parsePublicJwk(key.jwk)))
    throw new SdkError('invalid_config', 'key must be one of createKey, loadKey, or a Signer')
}

/** `aud` of what is signed for the collector: its address, or a name where there is none. */
export function collectorAudience({ collector, evidence }: EvidenceOptions): string {
  if (evidence !== undefined && !['both', 'logs', 'spans'].includes(evidence))
    throw new SdkError('invalid_config', 'evidence must be both, logs or spans')
  if (collector === undefined) return 'urn:delegraph:collector'
  const url = URL.canParse(collector) ? new URL(collector) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new SdkError('invalid_config', 'collector must be an http or https URL')
  // A password in the address would be signed into every receipt.
  if (url.username !== '' || url.password !== '')
    throw new SdkError('invalid_config', 'collector must hold no credentials: use headers')
  return collector.replace(/\/+$/, '')
}
