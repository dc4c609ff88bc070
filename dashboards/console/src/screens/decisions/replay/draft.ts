/** What somebody is writing, kept while this page is open and nowhere else. */
export interface Draft {
  readonly text: string
  /** Undefined where it is compared with what was recorded. */
  readonly against: string | undefined
  readonly last: string
}

export const LAST = ['50', '200', '1000', '2000'] as const

const START = `@id("inside-the-grant")
permit(principal, action, resource)
when {
  context.chain.verdict.chain == "ok" &&
  context.chain.verdict.action == "ok"
};

@id("no-borrowed-approval")
forbid(principal, action, resource)
when { context.chain.verdict.approval == "failed" };
`

let kept: Draft = { text: START, against: undefined, last: '200' }

export function keptDraft(): Draft {
  return kept
}

export function keepDraft(draft: Draft): void {
  kept = draft
}
