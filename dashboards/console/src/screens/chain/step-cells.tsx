import { signatureWord, verdictWord } from '../../shared/link-words.ts'
import { GradeMark, StateMark } from '../../shared/marks.tsx'
import { ScopeChip } from '../../shared/scope-chip.tsx'
import { counted, shortHash } from '../../shared/short.ts'
import { clockTime } from '../../shared/time.ts'
import { AddToCase } from '../cases/add/add-to-case.tsx'
import { policyWord, recordWord } from '../decisions/decision-words.ts'
import { ChangeMarks } from './compare/change-marks.tsx'
import type { ChainLink } from './documents.ts'
import { chipOfAction, chipsOfLink } from './scope-funnel.ts'
import {
  actionSentence,
  approvalSentence,
  decisionSentence,
  linkSentence,
} from './step-sentences.ts'
import { nameOfStep, thingsOfStep } from './step-things.ts'
import type { Step } from './steps.ts'
import { counts, withdrawalReach, withdrawalSentence, withdrawnWord } from './withdrawal-words.ts'

/** How many chips a row shows before it counts the rest. */
const MAX_CHIPS = 6

/** What a row is about, in words; the button selects it. */
export function StepWhat({
  step,
  select,
  isSelected,
}: {
  readonly step: Step
  readonly select: () => void
  readonly isSelected: boolean
}) {
  return (
    <>
      <div className="step-line">
        <button type="button" className="step-name" aria-pressed={isSelected} onClick={select}>
          <StepName step={step} />
        </button>
        <AddToCase items={thingsOfStep(step)} name={nameOfStep(step)} />
      </div>
      <div className="step-marks">
        <StepMarks step={step} />
      </div>
    </>
  )
}

export function StepName({ step }: { readonly step: Step }) {
  switch (step.kind) {
    case 'link':
      return (
        <>
          <b>{linkSentence(step.link)}</b> <small>hop {step.link.depth}</small>
        </>
      )
    case 'run': {
      const [first] = step.links
      const last = step.links.at(-1)
      return (
        <>
          <b>{counted(step.links.length, 'hop')}, scope unchanged</b>{' '}
          <small>
            {first?.delegator?.name} … {last?.delegate?.name}
          </small>
        </>
      )
    }
    case 'gap':
      return <b>{step.below.arrived ? 'The link above is not here' : 'This link is only named'}</b>
    case 'approval':
      return <b>{approvalSentence(step.approval)}</b>
    case 'withdrawal':
      return <b>{withdrawalSentence(step.withdrawal, step.link?.delegate?.name)}</b>
    case 'decision':
      return <b>{decisionSentence({ ...step.decision, tool: step.action.tool })}</b>
    case 'action':
      return <b>{actionSentence(step.action)}</b>
  }
}

export function StepMarks({ step }: { readonly step: Step }) {
  return (
    <>
      <StateMarks step={step} />
      <ChangeMarks of={step.kind === 'run' ? (step.links[0]?.hash ?? '') : step.key} />
    </>
  )
}

function StateMarks({ step }: { readonly step: Step }) {
  switch (step.kind) {
    case 'link':
      return <LinkMarks link={step.link} />
    case 'run': {
      const [first] = step.links
      return first === undefined ? null : <LinkMarks link={first} />
    }
    case 'gap':
      return (
        <>
          <StateMark word={{ text: 'missing link', tone: 'gap' }} />
          <code>
            {shortHash(step.below.arrived ? (step.below.parentHash ?? '') : step.below.hash)}
          </code>
        </>
      )
    case 'approval': {
      const { verdict } = step.approval
      return (
        <>
          {step.approval.issuedAt === null ? null : (
            <time>{clockTime(step.approval.issuedAt)}</time>
          )}
          <StateMark
            word={
              verdict.state === 'OK'
                ? { text: 'valid', tone: 'good' }
                : { text: wordOf(verdict), tone: verdict.state === 'FAILED' ? 'bad' : 'unknown' }
            }
          />
        </>
      )
    }
    case 'withdrawal': {
      const { at, verdict } = step.withdrawal
      return (
        <>
          {at === null ? null : <time>{clockTime(at)}</time>}
          <StateMark
            word={
              counts(step.withdrawal)
                ? { text: 'valid', tone: 'good' }
                : { text: `does not count: ${wordOf(verdict)}`, tone: 'unknown' }
            }
          />
        </>
      )
    }
    case 'decision': {
      const { at, signature, verdict, evaluation } = step.decision
      return (
        <>
          {at === null ? null : <time>{clockTime(at)}</time>}
          <StateMark word={recordWord(signature, verdict)} />
          {evaluation === null ? null : <StateMark word={policyWord(evaluation)} />}
        </>
      )
    }
    case 'action': {
      const { at, grade, effect } = step.action
      return (
        <>
          <time>{clockTime(at)}</time>
          <GradeMark grade={grade} />
          <span className="dim">effect {effect.toLowerCase()}</span>
        </>
      )
    }
  }
}

function LinkMarks({ link }: { readonly link: ChainLink }) {
  const verdict = verdictWord(link)
  const withdrawn = withdrawnWord(link)
  return (
    <>
      {link.issuedAt === null ? null : <time>{clockTime(link.issuedAt)}</time>}
      <StateMark word={signatureWord(link)} />
      {verdict === undefined ? null : (
        <StateMark word={verdict} title={link.verdict.meaning ?? undefined} />
      )}
      {withdrawn === undefined ? null : <StateMark word={withdrawn} />}
      {link.grade === 'SIGNED' ? null : <GradeMark grade={link.grade} />}
    </>
  )
}

/** What the row does to the scope: kept, dropped, appeared. */
export function StepScope({ step }: { readonly step: Step }) {
  const chips =
    step.kind === 'link'
      ? chipsOfLink(step.link)
      : step.kind === 'run'
        ? chipsOfLink(step.links[0] ?? { granted: [], changes: [] })
        : step.kind === 'action'
          ? [chipOfAction(step.action)]
          : []
  if (step.kind === 'gap') return <span className="dim">scope not known</span>
  if (step.kind === 'approval') {
    return (
      <span className="dim">
        for this call alone, and for {step.approval.subject?.name ?? 'its subject'} alone
      </span>
    )
  }
  if (step.kind === 'withdrawal')
    return <span className="dim">{withdrawalReach(step.withdrawal.kind)}</span>
  if (step.kind === 'decision') {
    const policies = step.decision.evaluation?.policies ?? []
    return policies.length === 0 ? null : <span className="dim">by {policies.join(', ')}</span>
  }
  return (
    <>
      {chips.slice(0, MAX_CHIPS).map((chip) => (
        <ScopeChip key={chip.tool} {...chip} />
      ))}
      {chips.length > MAX_CHIPS ? (
        <span className="dim">and {chips.length - MAX_CHIPS} more</span>
      ) : null}
    </>
  )
}

function wordOf({ code, state }: { readonly code: string | null; readonly state: string }): string {
  return (code ?? state).toLowerCase().replaceAll('_', ' ')
}
