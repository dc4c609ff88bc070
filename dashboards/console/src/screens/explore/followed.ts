import type { VariablesOf } from '../../api/graphql.ts'
import type { AsOf } from '../../app/as-of.ts'
import type { BLAST_RADIUS } from './documents.ts'
import { type ExploreSearch, endIn, type Subject } from './explore-search.ts'

/** The part of the URL that says which ways are followed. */
export type Followed = Pick<ExploreSearch, 'since' | 'avoid' | 'rules' | 'within'>

type Variables = Pick<
  VariablesOf<typeof BLAST_RADIUS>,
  'since' | 'avoid' | 'rules' | 'maxDepth' | 'asOf'
>
type End = NonNullable<NonNullable<Variables['avoid']>[number]>
type Rule = NonNullable<NonNullable<Variables['rules']>[number]>

/** The same as questions over the graph take it. */
export function followed({ since, avoid, rules, within }: Followed, asOf?: AsOf): Variables {
  return {
    ...(since === undefined ? {} : { since: new Date(since).toISOString() }),
    ...(avoid === undefined ? {} : { avoid: avoid.flatMap((text) => inputOf(endIn(text))) }),
    ...(rules === undefined
      ? {}
      : { rules: rules.map((rule) => rule.toUpperCase() as Uppercase<typeof rule> & Rule) }),
    ...(within === undefined ? {} : { maxDepth: within }),
    ...(asOf === undefined ? {} : { asOf }),
  }
}

function inputOf(end: Subject | undefined): End[] {
  return end === undefined ? [] : [endInput(end)]
}

export function endInput({ kind, id }: Subject): End {
  return { kind: kind.toUpperCase() as End['kind'], id }
}
