import type { Authority } from '@delegraph/graph-schema'
import type { JudgedAction } from '../../verify/action.ts'
import type { AuthorityContext } from '../../verify/auth.ts'
import type { Registry } from '../../verify/registry.ts'

/** An action with everything that was judged about it by itself. */
export interface JudgedSubject {
  readonly action: JudgedAction
  readonly authority: Authority
  readonly context: AuthorityContext
  readonly registry: Registry
}
