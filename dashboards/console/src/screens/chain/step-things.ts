import { counted } from '../../shared/short.ts'
import type { CaseThing } from '../cases/documents.ts'
import {
  actionSentence,
  approvalSentence,
  decisionSentence,
  linkSentence,
} from './step-sentences.ts'
import type { Step } from './steps.ts'

/** What a row of a chain is about, as a case names it; nothing of what has not arrived. */
export function thingsOfStep(step: Step): readonly CaseThing[] {
  switch (step.kind) {
    case 'link':
      return [{ kind: 'LINK', id: step.link.hash }]
    case 'run':
      return step.links.map(({ hash }): CaseThing => ({ kind: 'LINK', id: hash }))
    case 'approval':
      return [{ kind: 'APPROVAL', id: step.approval.id }]
    case 'decision':
      return [{ kind: 'DECISION', id: step.decision.id }]
    case 'action':
      return [{ kind: 'ACTION', id: step.action.id }]
    case 'gap':
    case 'withdrawal':
      return []
  }
}

/** A row as a button for it is called. */
export function nameOfStep(step: Step): string {
  switch (step.kind) {
    case 'link':
      return linkSentence(step.link)
    case 'run':
      return `${counted(step.links.length, 'hop')}, scope unchanged`
    case 'approval':
      return approvalSentence(step.approval)
    case 'decision':
      return decisionSentence({ ...step.decision, tool: step.action.tool })
    case 'action':
      return actionSentence(step.action)
    case 'gap':
    case 'withdrawal':
      return step.kind
  }
}
