import { signatureWord } from '../../shared/link-words.ts'
import { chipOfAction, chipsOfLink, isUnexplained } from './scope-funnel.ts'
import type { Step } from './steps.ts'

/** Whether a row is one to look at: a permission from nowhere, or a link that fails. */
export function isTrouble(step: Step): boolean {
  switch (step.kind) {
    case 'link':
      return step.link.verdict.state === 'FAILED' || chipsOfLink(step.link).some(isUnexplained)
    case 'run':
      return step.links.some(({ verdict }) => verdict.state === 'FAILED')
    case 'action':
      return isUnexplained(chipOfAction(step.action))
    case 'approval':
      return step.approval.verdict.state === 'FAILED'
    case 'decision':
      return (
        step.decision.answer === 'ALLOW' &&
        step.action.effect === 'OK' &&
        isUnexplained(chipOfAction(step.action))
      )
    case 'withdrawal':
    case 'gap':
      return false
  }
}

/** The first row where a permission stands that no link gives; -1 where there is none. */
export function firstUnexplained(steps: readonly Step[]): number {
  const appeared = steps.findIndex((step) =>
    step.kind === 'action'
      ? isUnexplained(chipOfAction(step.action))
      : step.kind === 'link' && chipsOfLink(step.link).some(isUnexplained),
  )
  if (appeared !== -1) return appeared
  return steps.findIndex(
    (step) => isTrouble(step) || (step.kind === 'link' && signatureWord(step.link).tone === 'bad'),
  )
}
