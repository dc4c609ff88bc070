import { UNKNOWN_AGENT } from '../verify/action.ts'

/**
 * An agent and the instance that it was seen as, in one text that no other pair has. All of one agent begin
 * with {@link seenAsPrefix}, so that an index finds them side by side.
 */
export function seenAs(agent: string, instance: string | undefined): string | undefined {
  return instance === undefined || agent === UNKNOWN_AGENT
    ? undefined
    : JSON.stringify([agent, instance])
}

export function seenAsPrefix(agent: string): string {
  return `[${JSON.stringify(agent)},`
}

/** The instance in such a text. */
export function instanceIn(text: string): string {
  return (JSON.parse(text) as [string, string])[1]
}
