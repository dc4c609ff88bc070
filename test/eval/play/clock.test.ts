import { type ReadableSpan, TracerProvider } from '@opentelemetry/sdk-trace'
import { expect, it } from 'vitest'
import { CaseClock } from './clock.ts'

/** Keeps a core busy for so many real milliseconds. */
function takeTime(milliseconds: number): void {
  const until = process.hrtime.bigint() + BigInt(milliseconds * 1e6)
  while (process.hrtime.bigint() < until);
}

it('lets no real time into a case: a call that takes long is over before the next one', () => {
  const ended: ReadableSpan[] = []
  const provider = new TracerProvider({
    spanProcessors: [
      {
        onStart: () => {},
        onEnd: (span) => void ended.push(span),
        forceFlush: async () => {},
        shutdown: async () => {},
      },
    ],
  })
  const tracer = provider.getTracer('case')
  const events = [1, 2].map((seq) => ({ seq, t: 0 }))
  const clock = new CaseClock(events)
  for (const event of events)
    clock.during(event, () => {
      const span = tracer.startSpan(`event ${event.seq}`)
      takeTime(20)
      span.end()
    })
  const [first, second] = ended.map(({ startTime, endTime }) => ({
    from: startTime[0] * 1000 + startTime[1] / 1e6,
    to: endTime[0] * 1000 + endTime[1] / 1e6,
  }))
  expect(first?.to).toBe(first?.from)
  expect(second?.from).toBe((first?.to ?? 0) + 1)
})
