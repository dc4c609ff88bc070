import { type GraphNode, outcomeOf, outcomeText, type Scalar } from '@delegraph/graph-schema'
import { canonicalize, type Json, momentOf } from '@delegraph/link'
import type { Asserted, AssertedRecord } from '../evidence/asserted.ts'
import { tokenKey } from '../evidence/node.ts'
import type { AssertedEvidence } from '../evidence/types.ts'
import { aboutKey, COMPLETION_PREFIX, hashToken, type Projected, stub } from './artefacts.ts'
import { knownColumns } from './nodes.ts'

const OUTCOME = outcomeText(outcomeOf('signature_missing'))

/** The node of an unsigned statement; links are judged with the others, and bad ones are kept as evidence. */
export function projectAsserted(item: AssertedEvidence, learnedAt: number): Projected {
  const { id, record, text } = item
  if (record === undefined || record.type === 'link') return { nodes: [], edges: [] }
  const common = {
    hash: id,
    outcome: OUTCOME,
    text,
    learnedAt,
    token: record.jti === undefined ? undefined : tokenKey('asserted', record.jti),
  }
  switch (record.type) {
    case 'approval':
      return approvalNode(id, record, common)
    case 'decision':
      return { nodes: [node('Decision', id, decisionColumns(record, common))], edges: [] }
    case 'credential':
      return { nodes: [node('Credential', id, credentialColumns(record, common))], edges: [] }
    case 'withdrawal':
      return { nodes: [node('Revocation', id, withdrawalColumns(record, common))], edges: [] }
  }
}

type Columns = Readonly<Record<string, Scalar | undefined>>

function node(kind: GraphNode['kind'], key: string, columns: Columns): GraphNode {
  return { kind, key, columns: knownColumns(columns) }
}

function approvalNode(id: string, record: Asserted<'approval'>, common: Columns): Projected {
  const { approver, subject, tool } = record
  return {
    nodes: [
      node('Approval', id, {
        ...common,
        approver,
        subject,
        tool,
        about: aboutKey(subject, tool),
        grants: canonicalize(record.grants as Json),
        uses: record.uses,
        delegates: record.delegates,
        after: record.after,
        task: record.task,
        session: record.session,
        decision: record.decision,
        signature: 'missing',
        issuedAt: record.iat,
        expiresAt: record.exp,
      }),
      stub('Principal', 'id', approver),
      stub('Agent', 'id', subject),
    ],
    edges: [
      { kind: 'GIVEN_BY', from: id, to: approver },
      { kind: 'NAMES', from: id, to: subject },
    ],
  }
}

function decisionColumns(record: Asserted<'decision'>, common: Columns): Columns {
  const { agent, tool, by, caller, link, task, session, iat } = record
  return {
    ...{ ...common, agent, tool, caller, link, task, session },
    issuer: by,
    about: aboutKey(agent, tool),
    grants: canonicalize(record.grants as Json),
    verdict: record.decision ? 'allow' : 'deny',
    kind: 'request',
    signature: 'missing',
    at: iat,
  }
}

function credentialColumns(record: Asserted<'credential'>, common: Columns): Columns {
  const { credential, by, tools, task, iat, exp } = record
  return {
    ...{ ...common, credential, task },
    event: record.event,
    issuer: by,
    issuedTo: JSON.stringify(record.issued_to),
    tools: tools === undefined ? undefined : JSON.stringify(tools),
    signature: 'missing',
    at: iat,
    expiresAt: exp,
  }
}

function withdrawalColumns(record: Asserted<'withdrawal'>, common: Columns): Columns {
  const { what, id, by = '', iat, jti } = record
  const ends = what === 'task'
  return {
    ...common,
    issuer: ends ? `${COMPLETION_PREFIX}${by}` : by,
    token: ends ? undefined : hashToken(id),
    task: ends ? id : undefined,
    at: iat,
    moment: momentOf(iat, jti),
  }
}

/** The agents and tools that an unsigned approval or decision is about. */
export function aboutOf(record: AssertedRecord | undefined): string[] {
  if (record?.type === 'approval') return [aboutKey(record.subject, record.tool)]
  return record?.type === 'decision' ? [aboutKey(record.agent, record.tool)] : []
}
