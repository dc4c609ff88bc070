import { ATTR } from '@delegraph/graph-schema'
import { jwkThumbprint, type Signer, verifyWorkloadIdentity } from '@delegraph/link'
import { SdkError } from '../errors.ts'
import type { Recorder } from '../evidence/recorder.ts'
import type { OpenSpan } from '../trace/span.ts'

/**
 * A workload identity token (`wit+jwt`) for the agent and its key, as WIMSE and SPIFFE issue them, or a
 * function that gives the one in force: they are renewed.
 */
export type IdentitySource = string | (() => string | undefined)

interface Holder {
  readonly agent: string
  readonly key: Signer
}

/** A holder with its token, and where it is reported. */
interface Attested extends Holder {
  readonly identity: IdentitySource | undefined
  readonly recorder: Recorder
}

/** @throws SdkError `invalid_config` for a token of another agent or for another key */
export function checkIdentity(source: IdentitySource | undefined, holder: Holder): void {
  if (source === undefined || typeof source === 'function') return
  if (!isOf(source, holder))
    throw new SdkError(
      'invalid_config',
      'identity must be a wit+jwt whose sub is the agent and whose cnf.jwk is its key',
    )
}

/**
 * Reports the token that is in force, once per process and token, on the span under way and as a log
 * record. It is no bearer token: nobody can use it without the agent's private key. Never throws.
 */
export function reportIdentity(holder: Attested, span: OpenSpan): void {
  const { identity, recorder, agent } = holder
  if (identity === undefined) return
  try {
    const text = typeof identity === 'function' ? identity() : identity
    if (text === undefined || recorder.knows(text)) return
    if (!isOf(text, holder)) {
      // Another agent's token would be read as a contradiction of every call.
      recorder.failed('identity_failed', 'identity gave no wit+jwt of this agent and its key')
      return
    }
    if (recorder.onSpans) span.set(ATTR.identityJws, text)
    recorder.identity(text, { [ATTR.agentId]: agent }, span.ids)
  } catch {
    recorder.failed('identity_failed', 'the function that gives the identity threw')
  }
}

/** By its own word: whose signature it needs is for the collector to say. */
function isOf(text: string, { agent, key }: Holder): boolean {
  const { identity } = verifyWorkloadIdentity(text, [])
  return identity?.sub === agent && identity.jkt === jwkThumbprint(key.jwk)
}
