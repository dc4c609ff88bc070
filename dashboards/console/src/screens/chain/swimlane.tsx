import { useVirtualizer } from '@tanstack/react-virtual'
import { type CSSProperties, useEffect, useMemo, useRef, useState } from 'react'
import { Icon } from '../../shared/icon.tsx'
import { useKeys } from '../../shared/use-keys.ts'
import { STEP_KEYS } from './keys.ts'
import { type Lane, laneLayout, type Span } from './lanes.ts'
import { StepScope, StepWhat } from './step-cells.tsx'
import { runOf, type Step } from './steps.ts'
import { firstUnexplained, isTrouble } from './trouble.ts'
import './swimlane.css'

/** Columns that stay in sight on both sides, in pixels: wide, and beside the inspector. */
const SIDES = { wide: { left: 284, right: 330 }, narrow: { left: 232, right: 270 } }
const NARROW = 900
const MIN_LANE = 88
const ROW = 58
/** Beside what is seen, lanes that are drawn. */
const LANES_AHEAD = 4

interface Props {
  readonly steps: readonly Step[]
  readonly select: string | undefined
  readonly onSelect: (key: string | undefined) => void
  readonly onUnfold: (key: string) => void
}

/**
 * A column for each party, time downwards, an arrow for each hand-over. Only the rows and lanes on the screen
 * are in the page; where lanes do not fit, the view follows the arrows sideways.
 */
export function Swimlane({ steps, select, onSelect, onUnfold }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const [box, setBox] = useState({ width: 1_000, left: 0 })
  const { lanes, spans } = useMemo(() => laneLayout(steps), [steps])
  const { left, right } = box.width < NARROW ? SIDES.narrow : SIDES.wide
  const laneWidth = Math.max(
    MIN_LANE,
    Math.floor((box.width - left - right) / Math.max(lanes.length, 1)),
  )
  const width = left + right + laneWidth * lanes.length
  const virtual = useVirtualizer({
    count: steps.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
    getItemKey: (index) => steps[index]?.key ?? index,
  })
  const at = steps.findIndex(({ key }) => key === select)

  useEffect(() => {
    const element = scroller.current
    if (element === null) return
    const measure = (): void => setBox({ width: element.clientWidth, left: element.scrollLeft })
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    element.addEventListener('scroll', measure, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', measure)
    }
  }, [])

  // Where the eye should be first: what is selected, or else the first permission that nothing explains.
  const started = useRef(false)
  useEffect(() => {
    if (started.current) return
    started.current = true
    const hidden = select === undefined || at !== -1 ? undefined : runOf(steps, select)
    if (hidden !== undefined) {
      started.current = false
      return onUnfold(hidden)
    }
    const first = at === -1 ? firstUnexplained(steps) : at
    if (first !== -1) virtual.scrollToIndex(first, { align: 'center' })
  }, [steps, at, select, virtual, onUnfold])

  // Lanes that do not fit are followed: what is selected, or else the rows in sight, decide which of them are.
  const items = virtual.getVirtualItems()
  const middle = steps[at === -1 ? (items[Math.floor(items.length / 2)]?.index ?? 0) : at]?.key
  const overflows = width > box.width
  useEffect(() => {
    const span = middle === undefined ? undefined : spans.get(middle)
    if (!overflows || span === undefined) return
    const centre = left + ((span.from + span.to + 1) / 2) * laneWidth
    const seen = box.width - left - right
    scroller.current?.scrollTo({ left: Math.max(0, centre - left - seen / 2) })
  }, [middle, overflows, spans, laneWidth, box.width, left, right])

  const move = (by: number): void => {
    const next = Math.min(Math.max(at + by, 0), steps.length - 1)
    const step = steps[next]
    if (step === undefined) return
    virtual.scrollToIndex(next)
    onSelect(step.key)
  }
  useKeys(STEP_KEYS, {
    next: () => move(1),
    previous: () => move(-1),
    unfold: () => {
      const step = steps[at]
      if (step?.kind === 'run') onUnfold(step.key)
    },
    letGo: () => onSelect(undefined),
  })
  const firstLane = Math.max(0, Math.floor(box.left / laneWidth) - LANES_AHEAD)
  const lastLane = Math.ceil((box.left + box.width) / laneWidth) + LANES_AHEAD
  const drawn = lanes.slice(firstLane, lastLane)
  return (
    <div
      className="lanes"
      ref={scroller}
      tabIndex={0}
      role="region"
      aria-label="Swimlane"
      style={{ '--lanes-left': `${left}px`, '--lanes-right': `${right}px` } as CSSProperties}
    >
      <div className="lanes-head" style={{ width }}>
        <div className="lanes-corner">Step</div>
        {drawn.map((lane, index) => (
          <LaneName
            key={lane.id}
            lane={lane}
            left={left + (firstLane + index) * laneWidth}
            width={laneWidth}
          />
        ))}
        <div className="lanes-scope">Scope</div>
      </div>
      <ol className="lanes-rows" style={{ width, height: virtual.getTotalSize() }}>
        {items.map(({ index, start, key }) => {
          const step = steps[index]
          if (step === undefined) return null
          const span = spans.get(step.key) ?? { from: 0, to: 0 }
          return (
            <li
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              aria-setsize={steps.length}
              aria-posinset={index + 1}
              className={classOf(step, step.key === select)}
              style={{ transform: `translateY(${start}px)`, width }}
            >
              <div className="lanes-what">
                <StepWhat
                  step={step}
                  select={() => (step.kind === 'run' ? onUnfold(step.key) : onSelect(step.key))}
                  isSelected={step.key === select}
                />
              </div>
              <Arrow
                span={span}
                step={step}
                left={left}
                laneWidth={laneWidth}
                drawn={drawn}
                first={firstLane}
              />
              <div className="lanes-scope">
                <StepScope step={step} />
              </div>
            </li>
          )
        })}
      </ol>
    </div>
  )
}

function classOf(step: Step, isSelected: boolean): string {
  return [
    'lane-row',
    `lane-${step.kind}`,
    isTrouble(step) ? 'is-trouble' : '',
    isSelected ? 'is-selected' : '',
  ].join(' ')
}

function LaneName({ lane, left, width }: { lane: Lane; left: number; width: number }) {
  return (
    <div className={`lane-name lane-of-${lane.kind}`} style={{ left, width }} title={lane.id}>
      <Icon
        name={lane.kind === 'principal' ? 'person' : lane.kind === 'agent' ? 'agent' : 'question'}
      />
      <span className="clip">{lane.name}</span>
    </div>
  )
}

/** The lines of the lanes in sight and, over them, what goes from one to another. */
function Arrow({
  span,
  step,
  left,
  laneWidth,
  drawn,
  first,
}: {
  readonly span: Span
  readonly step: Step
  readonly left: number
  readonly laneWidth: number
  readonly drawn: readonly Lane[]
  readonly first: number
}) {
  const x = (lane: number): number => left + (lane + 0.5) * laneWidth
  const from = x(span.from)
  const to = x(span.to)
  const isBackward = to < from
  const style = { left: Math.min(from, to), width: Math.max(Math.abs(to - from), 0) }
  return (
    <>
      {drawn.map((lane, index) => (
        <i key={lane.id} className="lane-line" style={{ left: x(first + index) }} />
      ))}
      {span.from === span.to ? null : (
        <i className={isBackward ? 'lane-arrow is-backward' : 'lane-arrow'} style={style} />
      )}
      <i className="lane-dot" style={{ left: to }} />
      {step.kind === 'run' ? (
        <span className="lane-label" style={{ left: (from + to) / 2 }}>
          {step.links.length}
        </span>
      ) : null}
    </>
  )
}
