import type { TrendDay } from './documents.ts'

/** What is drawn, in the order of the legend, each with its name. */
export const SERIES = { open: 'open', accepted: 'accepted', closed: 'closed' } as const
export type Series = keyof typeof SERIES

export const BOX = { width: 760, height: 190, left: 46, right: 8, top: 8, bottom: 22 } as const

export interface TrendLines {
  /** Points of a polyline for each. */
  readonly lines: Readonly<Record<Series, string>>
  /** Where each day is from left to right. */
  readonly xs: readonly number[]
  /** Numbers on the left, each with its height. */
  readonly ticks: readonly { readonly value: number; readonly y: number }[]
}

/** Days as lines in a box; one scale for all, from nothing up. */
export function trendLines(days: readonly TrendDay[]): TrendLines {
  const names = Object.keys(SERIES) as Series[]
  const most = roundUp(Math.max(1, ...days.flatMap((day) => names.map((name) => day[name]))))
  const width = BOX.width - BOX.left - BOX.right
  const height = BOX.height - BOX.top - BOX.bottom
  const xs = days.map((_, i) => BOX.left + (width * (i + 0.5)) / days.length)
  const y = (value: number): number => BOX.top + height * (1 - value / most)
  const line = (name: Series): string =>
    days.map((day, i) => `${round(xs[i] ?? 0)},${round(y(day[name]))}`).join(' ')
  return {
    lines: { open: line('open'), accepted: line('accepted'), closed: line('closed') },
    xs,
    ticks: [...new Set([0, Math.floor(most / 2), most])].map((value) => ({ value, y: y(value) })),
  }
}

/** 1, 2 or 5 of a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
