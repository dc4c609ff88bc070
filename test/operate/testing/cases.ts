import type { Evidence } from '../../../collector/src/evidence/types.ts'
import { env, Story, T0, TOOL } from '../../harness/story.ts'

/** A body of log records, as an SDK sends evidence. */
export function bodyOf(evidence: readonly Evidence[]): Buffer<ArrayBuffer> {
  const logRecords = evidence.flatMap((one) =>
    'text' in one ? [{ eventName: `delegation.${one.kind}`, body: { stringValue: one.text } }] : [],
  )
  return Buffer.from(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }))
}

/** Tells cases and gives what was told since it was asked last. */
export class CaseStory extends Story {
  #sent = 0

  /** Over ten minutes after T0. */
  static readonly short = { iat: T0, exp: T0 + 600 }

  body(): Buffer<ArrayBuffer> {
    const told = this.evidence.slice(this.#sent)
    this.#sent = this.evidence.length
    return bodyOf(told)
  }

  /** A delegation and one call within it. */
  clean(task: string, more: object = {}) {
    const { short } = CaseStory
    const link = this.root(
      `agent:${task}`,
      { [TOOL.deploy]: env('staging') },
      { txn: task, ...short, ...more },
    )
    this.call(link)
    return link
  }

  /** A call that nothing covers. */
  bad(task: string, more: object = {}) {
    const { short } = CaseStory
    const grants = { [TOOL.deploy]: env('staging') }
    const link = this.root(`agent:${task}`, grants, { txn: task, ...short, ...more })
    this.act(link, TOOL.deploy, { args: { env: 'production' }, span: false })
    return link
  }

  call(link: ReturnType<Story['root']>): void {
    this.act(link, TOOL.deploy, { args: { env: 'staging' }, span: false })
  }
}
