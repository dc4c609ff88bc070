import type { Detector } from '../eval/format.ts'

/** I inheritance and V validity must be flagged; X is an exposure, a note. */
export type Class = 'I' | 'V' | 'X'

export interface Finding {
  detector: Detector
  class: Class
  /** The action, or the link where no action made use of it. */
  at: string
  /** The approval, link, credential, decision or resource that it names. */
  culprit: string | null
  why: string
}

/** Which detector gives the headline of an incident, first wins. Section 10.1. */
export const HEADLINE: readonly Detector[] = [
  'D10',
  'D9',
  'D16',
  'D6',
  'D15',
  'D4',
  'D5',
  'D1',
  'D2',
  'D3',
  'D14',
  'D7',
  'D11',
  'D13',
  'D12',
  'D8',
]
