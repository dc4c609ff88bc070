import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import { AddToCase } from '../cases/add/add-to-case.tsx'
import { laneLayout } from './lanes.ts'
import { StepMarks, StepName, StepScope } from './step-cells.tsx'
import { nameOfStep, thingsOfStep } from './step-things.ts'
import type { Step } from './steps.ts'
import { isTrouble } from './trouble.ts'

/** The same rows as the swimlane, as a table. */
export function ChainTable({
  steps,
  select,
  onSelect,
}: {
  readonly steps: readonly Step[]
  readonly select: string | undefined
  readonly onSelect: (key: string) => void
}) {
  const scroller = useRef<HTMLDivElement>(null)
  const { lanes, spans } = laneLayout(steps)
  const virtual = useVirtualizer({
    count: steps.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 44,
    overscan: 10,
  })
  return (
    <div
      className="chain-table"
      ref={scroller}
      tabIndex={0}
      role="region"
      aria-label="Table of the chain"
    >
      <div role="table" aria-label="Steps of the chain" aria-rowcount={steps.length + 1}>
        <div role="rowgroup" className="chain-table-head">
          <div role="row" aria-rowindex={1} className="chain-table-row">
            <span role="columnheader">Step</span>
            <span role="columnheader">From</span>
            <span role="columnheader">To</span>
            <span role="columnheader">State</span>
            <span role="columnheader">Scope</span>
          </div>
        </div>
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const step = steps[index]
            if (step === undefined) return null
            const span = spans.get(step.key)
            return (
              <div
                key={step.key}
                role="row"
                ref={virtual.measureElement}
                data-index={index}
                aria-rowindex={index + 2}
                className={[
                  'chain-table-row is-item',
                  isTrouble(step) ? 'is-trouble' : '',
                  step.key === select ? 'is-selected' : '',
                ].join(' ')}
                style={{ transform: `translateY(${start}px)` }}
              >
                <span role="cell" className="step-line">
                  <button type="button" className="step-name" onClick={() => onSelect(step.key)}>
                    <StepName step={step} />
                  </button>
                  <AddToCase items={thingsOfStep(step)} name={nameOfStep(step)} />
                </span>
                <span role="cell">{lanes[span?.from ?? 0]?.name}</span>
                <span role="cell">{lanes[span?.to ?? 0]?.name}</span>
                <span role="cell" className="step-marks">
                  <StepMarks step={step} />
                </span>
                <span role="cell" className="row">
                  <StepScope step={step} />
                </span>
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}
