import type { Word } from '../../shared/link-words.ts'
import { clockTime } from '../../shared/time.ts'
import type { ChainLink, ChainWithdrawal } from './documents.ts'

/** Whether it takes anything back: one whose signature is not that of anybody above does not. */
export function counts({ verdict }: Pick<ChainWithdrawal, 'verdict'>): boolean {
  return verdict.state === 'OK'
}

const WORDS: Readonly<Record<ChainWithdrawal['kind'], string>> = {
  LINK: 'withdrawn',
  APPROVAL: 'withdrawn',
  KEY: 'key revoked',
  TASK: 'task ended',
}

/** Beside the signature of a link: that it was taken back, and since when. Undefined where nothing that counts says so. */
export function withdrawnWord({ withdrawals }: Pick<ChainLink, 'withdrawals'>): Word | undefined {
  const first = withdrawals.find(counts)
  if (first === undefined) return undefined
  const since = first.at === null ? '' : ` since ${clockTime(first.at)}`
  return { text: `${WORDS[first.kind]}${since}`, tone: 'bad' }
}

/** `alice took back what planner was given`. */
export function withdrawalSentence(
  { kind, by }: Pick<ChainWithdrawal, 'kind' | 'by'>,
  holder: string | undefined,
): string {
  const who = by?.name ?? 'somebody'
  switch (kind) {
    case 'LINK':
      return `${who} took back what ${holder ?? 'somebody'} was given`
    case 'APPROVAL':
      return `${who} took back the approval`
    case 'KEY':
      return `${who} revoked a key`
    case 'TASK':
      return `${who} ended the task`
  }
}

/** What goes with it. */
export function withdrawalReach(kind: ChainWithdrawal['kind']): string {
  switch (kind) {
    case 'LINK':
      return 'this link, and all below it'
    case 'APPROVAL':
      return 'this approval alone'
    case 'KEY':
      return 'every link that the key holds or signed'
    case 'TASK':
      return 'everything that was granted for the task'
  }
}
