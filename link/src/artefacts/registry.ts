import { claimReader } from '../claim-reader.ts'
import { TYP } from '../constants.ts'
import type { Fault } from '../fault.ts'
import type { JsonObject } from '../json/parse-canonical.ts'
import type { Signer } from '../signer.ts'
import type { Json, TrustedIssuer } from '../types.ts'
import {
  type ArtefactKind,
  type ArtefactVerdict,
  type SignedArtefact,
  signArtefact,
  verifyArtefact,
} from './artefact.ts'

/**
 * What an owner says about agents outside any chain. It comes from configuration, never from an
 * agent, and never widens a link. Entries are opaque here.
 */
export interface RegistryClaims {
  readonly iss: string
  readonly iat: number
  readonly version: string
  readonly entries: readonly Json[]
}

/** Signs a registry under an owner's key. Throws `LinkError` for claims that no verifier would take. */
export function signRegistry(registry: {
  readonly signer: Signer
  readonly kid: string
  readonly claims: RegistryClaims
}): SignedArtefact<RegistryClaims> {
  return signArtefact(REGISTRY, registry, registry.claims)
}

/** Verifies a registry under the configured owners. */
export function verifyRegistry(
  text: string,
  owners: readonly TrustedIssuer[],
): ArtefactVerdict<RegistryClaims> {
  return verifyArtefact(REGISTRY, text, owners)
}

const REGISTRY: ArtefactKind<RegistryClaims> = {
  typ: TYP.registry,
  untrusted: 'issuer_untrusted',
  unnumbered: true,
  parse: parseRegistry,
}

function parseRegistry(payload: JsonObject): RegistryClaims | Fault {
  const reader = claimReader(payload)
  const claims: RegistryClaims = {
    iss: reader.text('iss'),
    iat: reader.int('iat'),
    version: reader.text('version'),
    entries: reader.list('entries'),
  }
  return reader.fault ?? claims
}
