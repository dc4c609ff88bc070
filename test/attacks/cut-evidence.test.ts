import { ATTR, EVENT, type NodeKind } from '@delegraph/graph-schema'
import { describe, expect, it } from 'vitest'
import { evidenceOfLog, evidenceOfSpan } from '../../collector/src/evidence/extract.ts'
import type { Evidence, SignedEvidence } from '../../collector/src/evidence/types.ts'
import type { AttributeMap } from '../../collector/src/receive/index.ts'
import { env, Story, T0, TOOL } from '../harness/story.ts'
import { judged } from './sqlite-story.ts'

/** What the carriers of evidence do to a signed text on its way. */
const CUTS: readonly (readonly [string, (text: string) => string])[] = [
  ['cut in its header', (text) => text.slice(0, 20)],
  ['cut in its payload', (text) => text.slice(0, 128)],
  ['cut in its signature', (text) => text.slice(0, -10)],
  ['cut before its signature', (text) => text.slice(0, text.lastIndexOf('.') + 1)],
  ['masked with asterisks', () => 'eyJhbGciOi***'],
  ['masked with dots', () => 'eyJhbGciOi…'],
  ['replaced by a word', () => '[REDACTED]'],
]

type Kind = 'link' | 'receipt' | 'approval' | 'decision'

const ATTRIBUTE = {
  link: ATTR.linkJws,
  receipt: ATTR.receipt,
  approval: ATTR.approval,
  decision: ATTR.decision,
} as const satisfies Record<Kind, string>

const RAW = { droppedAttributes: 0, scopeName: 's', resource: {}, flags: [] } as const

function onSpan(attributes: AttributeMap, [traceId = '', spanId = '']: readonly string[]) {
  return evidenceOfSpan({
    ...RAW,
    ...{ traceId, spanId, idsInvalid: false, name: 'n', kind: 1, statusCode: 0, links: [] },
    startNs: BigInt(T0) * 1_000_000_000n,
    endNs: BigInt(T0) * 1_000_000_000n,
    attributes,
  })
}

function inLog(
  kind: Kind,
  body: string | undefined,
  attributes: AttributeMap,
  ids: readonly string[],
) {
  const [traceId = '', spanId = ''] = ids
  return evidenceOfLog({
    ...RAW,
    ...{ timeNs: 0n, observedNs: 0n, severity: 9, traceId, spanId, attributes },
    eventName: EVENT[kind],
    ...(body === undefined ? {} : { body }),
  })
}

/** Every way in which a signed text reaches the collector. */
const CARRIERS: readonly (readonly [
  string,
  (kind: Kind, text: string, ids: readonly string[]) => readonly Evidence[],
])[] = [
  ['an attribute of a span', (kind, text, ids) => onSpan({ [ATTRIBUTE[kind]]: text }, ids)],
  [
    'an element of a list on a span',
    (kind, text, ids) => onSpan({ [ATTRIBUTE[kind]]: [text] }, ids),
  ],
  ['the body of a log record', (kind, text, ids) => inLog(kind, text, {}, ids)],
  [
    'an attribute of a log record',
    (kind, text, ids) => inLog(kind, undefined, { [ATTRIBUTE[kind]]: text }, ids),
  ],
]

const NODES: Partial<Record<Kind, NodeKind>> = {
  link: 'Link',
  approval: 'Approval',
  decision: 'Decision',
}

function told() {
  const asked = { min: 1, approvers: ['https://approvals.example.com'], max_age: 300 }
  const story = new Story()
  const approvals = { [TOOL.deploy]: asked }
  const root = story.root('agent:worker', { [TOOL.deploy]: env('staging') }, { approvals })
  const call = story.propose(root, TOOL.deploy, { env: 'staging' })
  const approval = story.approve(root, call)
  story.decide(root, call, true)
  const id = story.act(root, TOOL.deploy, { as: call, approvals: [approval] })
  return { evidence: story.evidence, id }
}

const PART = {
  link: 'chain',
  receipt: 'possession',
  approval: 'approval',
  decision: 'decision',
} as const

describe.each(Object.keys(ATTRIBUTE) as Kind[])('a %s', (kind) => {
  it.each(CARRIERS)(
    'in %s is truncated where it was cut or masked, never forged',
    async (_name, carry) => {
      for (const [cut, change] of CUTS) {
        const story = new Story()
        const { evidence, id } = told()
        const whole = evidence.find((item) => item.kind === kind) as SignedEvidence
        const text = whole.text ?? ''
        const items = carry(kind, change(text), id.split('-'))
        const signed = items.filter((item): item is SignedEvidence => item.kind === kind)
        expect([cut, signed.map(({ truncated }) => truncated)]).toEqual([cut, [true]])

        const others = evidence.filter((item) => item !== whole)
        await story.told([others, items])
        const node = NODES[kind]
        for (const { artefact } of node === undefined ? [] : signed) {
          const [found] = await story.store.find(node ?? 'Link', 'hash', [artefact])
          expect([cut, found?.columns['outcome']]).toEqual([cut, 'unknown:truncated'])
        }
        const before = (await judged(story, id)).verdict[PART[kind]]
        if (kind === 'receipt')
          expect([cut, before]).toEqual([cut, { state: 'unknown', code: 'truncated' }])
        expect([cut, 'code' in before ? before.code : '']).not.toEqual([cut, 'signature_invalid'])

        await story.told([[whole]])
        expect([cut, (await judged(story, id)).verdict[PART[kind]]]).toEqual([cut, { state: 'ok' }])
        // A cut copy that comes last changes nothing either.
        await story.told([items])
        expect([cut, (await judged(story, id)).verdict[PART[kind]]]).toEqual([cut, { state: 'ok' }])
      }
    },
  )
})

describe('a copy with a signature that does not hold', () => {
  it.each(['approval', 'decision'] as const)(
    'does not stand in the place of the true %s',
    async (kind) => {
      const { evidence, id } = told()
      const whole = evidence.find((item) => item.kind === kind) as SignedEvidence
      const broken = new Story().add(kind, (whole.text ?? '').replace(/.{8}$/, 'AAAAAAAA'))
      expect(broken.artefact).toBe(whole.artefact)
      for (const order of [
        [evidence, [broken]],
        [[broken], evidence],
      ]) {
        const story = await new Story().told(order)
        const { verdict } = await judged(story, id)
        expect(verdict[PART[kind]]).toEqual({ state: 'ok' })
      }
    },
  )
})
