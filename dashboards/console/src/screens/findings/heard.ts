/** Changes that were told while somebody looks: cursors of the newest, oldest first, and how many came before. */
export interface Heard {
  readonly cursors: readonly string[]
  readonly before: number
}

/** As many are told apart; a list that is loaded anew has all that is older. */
const KEPT = 500

export const NOTHING_HEARD: Heard = { cursors: [], before: 0 }

export function withHeard({ cursors, before }: Heard, cursor: string): Heard {
  const all = [...cursors, cursor]
  return all.length > KEPT
    ? { cursors: all.slice(1), before: before + 1 }
    : { cursors: all, before }
}

/** How many are not in a list that has all up to a cursor, as what was just said here is. */
export function newsOf({ cursors, before }: Heard, upTo: string): number {
  return before + cursors.filter((cursor) => cursor > upTo).length
}
