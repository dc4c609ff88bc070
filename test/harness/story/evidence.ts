import { signingInputHash, textDigest } from '@delegraph/link'
import { assertedItem } from '../../../collector/src/evidence/extract.ts'
import type {
  Evidence,
  MovementFacts,
  SignedEvidence,
  SignedKind,
} from '../../../collector/src/evidence/types.ts'
import { T0 } from './world.ts'

/** The evidence of a story, and what is in it without a signature. */
export class StoryEvidence {
  readonly evidence: Evidence[] = []
  #count = 0

  add(kind: SignedKind, text: string, action?: string): SignedEvidence {
    const item: SignedEvidence = {
      kind,
      id: textDigest(text),
      artefact: signingInputHash(text) ?? textDigest(text),
      text,
      size: text.length,
      truncated: false,
      ...(action === undefined ? {} : { action }),
    }
    this.evidence.push(item)
    return item
  }

  /** An unsigned statement; gives the hash that others cite it by. */
  assert(record: object): string {
    const item = assertedItem(JSON.stringify(record))
    this.evidence.push(item)
    return item.id
  }

  /** Data that an agent says it moved. */
  move(agent: string, op: MovementFacts['op'], more: Partial<MovementFacts> = {}): void {
    const number = this.next()
    const facts: MovementFacts = {
      ...{ trace: `trace-${number}`, span: `span-${number}`, op, at: (T0 + 30) * 1000, agent },
      data: [],
      ...more,
    }
    this.evidence.push({ kind: 'movement', id: textDigest(JSON.stringify(facts)), facts })
  }

  /** Data that one agent sends to another; gives its hash. */
  pass(from: string, to: string, at: number, more: Partial<MovementFacts> = {}): string {
    const data = textDigest(`data ${this.next()}`)
    this.move(from, 'sent', { at: at * 1000, data: [data], peer: to, ...more })
    this.move(to, 'received', { at: at * 1000, data: [data], peer: from })
    return data
  }

  /** A new number for whatever needs one of its own. */
  protected next(): number {
    this.#count += 1
    return this.#count
  }

  /** A new UUID of version 7, the same in every run. */
  protected id(): string {
    const number = String(this.next()).padStart(12, '0')
    return `019a8c3e-7b10-7000-8000-${number}`
  }
}
