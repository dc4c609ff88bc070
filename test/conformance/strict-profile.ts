import { LIMITS, TYP } from '@delegraph/link'
import { isFault } from '../../link/src/fault.ts'
import { openJws } from '../../link/src/jws.ts'
import { readVectors } from './folder.ts'

/** What the strict profile says of one JSON Web Signature of others. */
export interface StrictCase {
  readonly id: number
  readonly valid: boolean
  /** An outcome code with its detail, or `opened` for one whose form is that of a link. */
  readonly code: string
}

interface File {
  readonly testGroups: readonly {
    readonly tests: readonly {
      readonly tcId: number
      readonly jws: unknown
      readonly result: string
    }[]
  }[]
}

/**
 * The second level: each text as if it were a link. None of them is one, so all are refused, and
 * what is pinned is the code: it shows which check comes first.
 */
export function strictCases(): readonly StrictCase[] {
  return readVectors<File>('json_web_signature_test.json').testGroups.flatMap(({ tests }) =>
    tests.map(({ tcId, jws, result }) => {
      const opened = openJws(jws, { typ: [TYP.link], size: LIMITS.linkSize })
      const fault = isFault(opened) ? opened : undefined
      const detail = fault?.detail === undefined ? '' : `:${fault.detail}`
      return { id: tcId, valid: result === 'valid', code: `${fault?.code ?? 'opened'}${detail}` }
    }),
  )
}

/** Cases by code: how many, and the ids of those that their authors call valid. */
export function byCode(cases: readonly StrictCase[]) {
  const groups = Map.groupBy(cases, ({ code }) => code)
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, list]) => ({
      code,
      count: list.length,
      valid: list.filter((one) => one.valid).map(({ id }) => id),
    }))
}
