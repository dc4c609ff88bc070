import { zonePostures } from '../../questions/posture/by-zone.ts'
import {
  actionsBetween,
  evidenceShare,
  mostBlamed,
  rulePostures,
} from '../../questions/posture/counts.ts'
import { type Day, lastDays } from '../../questions/posture/days.ts'
import { timeToTriage } from '../../questions/posture/time-to-triage.ts'
import { type TrendDay, trendOf } from '../../questions/posture/trend.ts'
import type { Args } from '../connection.ts'
import { type InvalidArgument, invalidArgument, throwIfInvalid } from '../errors.ts'
import { fromMilliseconds } from '../instants.ts'
import { actionPage } from './action-page.ts'
import { exactValues } from './exact-values.ts'
import type { Fields } from './fields.ts'
import { zoneFilter } from './zone-filter.ts'

const MOST_DAYS = 90

/** The time that is looked at, epoch milliseconds; each part is counted where it is asked for. */
export interface Posture {
  readonly kind: 'Posture'
  readonly days: readonly Day[]
  readonly from: number
  readonly now: number
}

export function askPosture(args: Args, now: number): Posture | InvalidArgument {
  const count = args['days'] ?? 30
  if (typeof count !== 'number' || count < 1 || count > MOST_DAYS)
    return invalidArgument('days', `from 1 to ${MOST_DAYS}`)
  const days = lastDays(count, now)
  return { kind: 'Posture', days, from: days[0]?.from ?? now, now }
}

export const postureFields: Fields<Posture> = {
  since: ({ from }) => fromMilliseconds(from),
  until: ({ now }) => fromMilliseconds(now),
  trend: async ({ days }, { zone }, context) => {
    const names = typeof zone === 'string' ? [zone] : undefined
    return trendOf(context.store, days, throwIfInvalid(await zoneFilter(names, context)))
  },
  timeToTriage: async ({ from }, _, { store }) => {
    const { findings, capped, ...rest } = await timeToTriage(store, from)
    return { ...rest, findings: { value: findings, approximate: capped } }
  },
  evidence: ({ from, now }, _, { store }) => evidenceShare(store, from, now),
  actions: ({ from, now }, args, context) => {
    const { grade } = throwIfInvalid(exactValues('actions', args, ['grade']))
    return actionPage(actionsBetween(from, now, grade?.map(String)), args, context)
  },
  rules: (_, __, { store }) => rulePostures(store),
  zones: (_, __, { store, zones }) => zonePostures(store, zones),
  mostBlamed: (_, __, { store }) => mostBlamed(store),
}

export const trendDayFields: Fields<TrendDay> = { at: ({ at }) => fromMilliseconds(at) }
