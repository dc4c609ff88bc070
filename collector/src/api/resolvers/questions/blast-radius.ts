import { isMissing } from '../../../questions/asking.ts'
import {
  type BlastRadius,
  blastRadius,
  type Reach,
} from '../../../questions/blast-radius/blast-radius.ts'
import type { Start, StartKind } from '../../../questions/blast-radius/start.ts'
import { who } from '../../../verify/words.ts'
import type { Args } from '../../connection.ts'
import type { ApiContext } from '../../context.ts'
import { isUserError, notFound } from '../../errors.ts'
import { fromNumericDate } from '../../instants.ts'
import { type Fields, principalRef } from '../fields.ts'
import { askingIn, idIn } from './asked.ts'
import { extentIn } from './extent.ts'
import { listPage } from './list-page.ts'

interface Answer extends BlastRadius {
  readonly kind: 'BlastRadius'
  /** Who answers for an agent. */
  readonly ownerOf: (agent: string) => string | undefined
}

export async function askBlastRadius(args: Args, context: ApiContext) {
  const from = args['from'] as { readonly kind: StartKind; readonly id: string }
  const id = idIn(from.id, 'from.id')
  if (isUserError(id)) return id
  const extent = extentIn(args)
  if (isUserError(extent)) return extent
  const asking = await askingIn(context)
  const result = await blastRadius({ kind: from.kind, id }, extent, asking)
  if (isMissing(result)) return notFound(result.missing)
  const ownerOf = (agent: string) => asking.registry.owner(agent)?.owner
  return { ...result, kind: 'BlastRadius', ownerOf } satisfies Answer
}

export const blastRadiusFields: Fields<Answer> = {
  exercised: ({ rows, cappedBy }, args) =>
    listPage(
      rows.filter(({ exercised }) => exercised),
      args,
      cappedBy.length > 0,
    ),
  exercisable: ({ rows, cappedBy }, args) =>
    listPage(
      rows.filter(({ exercisable }) => exercisable),
      args,
      cappedBy.length > 0,
    ),
  capped: ({ cappedBy }) => cappedBy.length > 0,
  byEffect: ({ rows }) =>
    [...Map.groupBy(rows, ({ effectClass }) => effectClass ?? 0)]
      .sort(([a], [b]) => b - a)
      .map(([effectClass, of]) => ({
        ...(effectClass === 0 ? {} : { effectClass }),
        ...counted(of),
      })),
  owners: ({ rows, ownerOf }) =>
    [...Map.groupBy(rows, ({ agent }) => ownerOf(agent) ?? '')]
      .sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))
      .map(([owner, of]) => ({
        owner: owner === '' ? undefined : principalRef(owner),
        agents: [...new Set(of.map(({ agent }) => agent))]
          .sort()
          .map((id) => ({ kind: 'Agent', id })),
        ...counted(of),
      })),
}

function counted(rows: readonly Reach[]) {
  return {
    exercised: rows.filter(({ exercised }) => exercised).length,
    exercisable: rows.filter(({ exercisable }) => exercisable).length,
  }
}

export const startFields: Fields<Start> = { name: ({ id }) => who(id) }

export const reachFields: Fields<Reach> = {
  principal: ({ principal }) => principalRef(principal),
  agent: ({ agent }) => ({ kind: 'Agent', id: agent }),
  from: ({ from }) => fromNumericDate(from),
  until: ({ until }) => fromNumericDate(until),
}
