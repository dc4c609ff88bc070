import { outcomeText } from '@delegraph/graph-schema'
import type { Trust } from '@delegraph/link'
import { verifyRegistry } from '@delegraph/link'
import { CollectorError } from '../../errors.ts'
import { parseEvidence } from '../../evidence/parse.ts'
import { openSqliteStore } from '../../graph/index.ts'
import { MAX_PROOF_EVIDENCE, type Proof, rederive, registryIn } from '../../project/proof.ts'

export interface ProofVerdict {
  readonly holds: boolean
  /** What differs, or why nothing could be derived; one sentence each. */
  readonly problems: readonly string[]
  readonly title: string
}

/** An exported finding, or undefined for JSON of another kind. */
export function parseProof(input: string): Proof | undefined {
  if (!input.startsWith('{')) return undefined
  const value = parsedOrNothing(input)
  if (value.format !== 'delegraph-finding/1') return undefined
  const { finding, evidence, judgedAt, pendingWindow } = value
  if (
    typeof finding !== 'object' ||
    !Array.isArray(evidence) ||
    evidence.length > MAX_PROOF_EVIDENCE ||
    typeof judgedAt !== 'number' ||
    typeof pendingWindow !== 'number'
  ) {
    throw notWhole()
  }
  const items = evidence.map((item: { readonly evidence?: unknown }) => {
    const parsed = parseEvidence(item?.evidence)
    if (parsed === undefined) throw notWhole()
    return { evidence: parsed, learnedAt: 0 }
  })
  return { format: value.format, finding, judgedAt, pendingWindow, evidence: items }
}

/** What is no JSON is told of by whoever reads signed texts, without a word of it. */
function parsedOrNothing(input: string): Partial<Proof> {
  try {
    return JSON.parse(input) as Partial<Proof>
  } catch {
    return {}
  }
}

function notWhole(): CollectorError {
  return new CollectorError('file_unreadable', 'the exported finding is not whole')
}

/** Derives a finding again from what it ships, under the trust of whoever asks; no database. */
export async function verifyProof(proof: Proof, trust: Trust): Promise<ProofVerdict> {
  const title = String(proof.finding['title'])
  const registry = registryIn(proof.evidence.map(({ evidence }) => evidence))
  if (registry !== undefined) {
    const { outcome } = verifyRegistry(registry.text, trust.owners)
    if (outcome.state !== 'ok') {
      return {
        holds: false,
        title,
        problems: [`its registry does not verify: ${outcomeText(outcome)}`],
      }
    }
  }
  await using store = openSqliteStore({ file: ':memory:' })
  await store.init()
  const differs = await rederive(proof, trust, store)
  return {
    holds: differs.length === 0,
    title,
    problems: differs.map((name) => `${name} comes out differently from the evidence`),
  }
}
