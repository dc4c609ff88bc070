/** The parts of a link that say how far its signature and its verdict can be believed. */
export interface LinkEvidence {
  readonly arrived: boolean
  readonly signature: 'VALID' | 'INVALID' | 'UNCHECKED' | 'MISSING'
  readonly verdict: { readonly state: OutcomeState; readonly code: string | null }
}

export type OutcomeState = 'OK' | 'FAILED' | 'UNKNOWN' | 'NOT_APPLICABLE'

/** How a state is drawn. `gap` is dashed and `unknown` is never drawn like `good`. */
export type Tone = 'good' | 'bad' | 'unknown' | 'gap' | 'plain'

export interface Word {
  readonly text: string
  readonly tone: Tone
}

const TONES: Readonly<Record<OutcomeState, Tone>> = {
  OK: 'good',
  FAILED: 'bad',
  UNKNOWN: 'unknown',
  NOT_APPLICABLE: 'plain',
}

/** Of one part of a verdict: `failed: expired`. */
export function outcomeWord({ state, code }: LinkEvidence['verdict']): Word {
  const text = state === 'NOT_APPLICABLE' ? 'not applicable' : state.toLowerCase()
  return {
    text: code === null ? text : `${text}: ${code.replaceAll('_', ' ')}`,
    tone: TONES[state],
  }
}

/** Of the signature alone, in one word of the vocabulary. */
export function signatureWord(link: LinkEvidence): Word {
  const { code } = link.verdict
  if (!link.arrived) return { text: 'missing link', tone: 'gap' }
  if (code === 'signature_missing') return { text: 'unsigned', tone: 'gap' }
  if (code === 'issuer_untrusted') return { text: 'unknown key', tone: 'unknown' }
  switch (link.signature) {
    case 'VALID':
      return { text: 'valid', tone: 'good' }
    case 'INVALID':
      return { text: code === 'signature_invalid' ? 'bad signature' : 'refused', tone: 'bad' }
    case 'UNCHECKED':
      return { text: 'not checked', tone: 'unknown' }
    case 'MISSING':
      return { text: 'unsigned', tone: 'gap' }
  }
}

const VERDICT_WORDS: Readonly<Record<string, string>> = {
  expired: 'expired at use',
  par_hash_mismatch: 'parent hash mismatch',
  chain_incomplete: 'link above missing',
  depth_invalid: 'deeper than allowed',
  not_narrower: 'wider than its parent',
  revoked: 'key or link revoked',
}

/** What its verdict adds to the word for the signature; undefined where that says it already. */
export function verdictWord(link: LinkEvidence): Word | undefined {
  const { state, code } = link.verdict
  if (state === 'OK' || state === 'NOT_APPLICABLE' || code === null) return undefined
  if (SAID_ALREADY.has(code)) return undefined
  const text = VERDICT_WORDS[code] ?? code.replaceAll('_', ' ')
  return { text, tone: state === 'FAILED' ? 'bad' : 'unknown' }
}

const SAID_ALREADY: ReadonlySet<string> = new Set([
  'signature_invalid',
  'signature_missing',
  'issuer_untrusted',
])
