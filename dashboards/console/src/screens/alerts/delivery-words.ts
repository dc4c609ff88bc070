import type { Word } from '../../shared/link-words.ts'
import type { DeliveryRow } from './documents.ts'

/** What became of a delivery: what failed and is tried again is not told like what was never tried. */
export function stateWord({ state, attempts }: Pick<DeliveryRow, 'state' | 'attempts'>): Word {
  switch (state) {
    case 'DELIVERED':
      return { text: 'delivered', tone: 'good' }
    case 'DEAD':
      return { text: 'given up', tone: 'bad' }
    case 'OWED':
      return { text: attempts > 0 ? 'failed, tried again' : 'owed', tone: 'unknown' }
    case 'HELD':
      return { text: 'held back', tone: 'unknown' }
    case 'SUPPRESSED':
      return { text: 'counted only', tone: 'plain' }
    case 'MERGED':
      return { text: 'not sent: known there', tone: 'plain' }
    case 'SUPERSEDED':
      return { text: 'not sent: superseded', tone: 'plain' }
  }
}
