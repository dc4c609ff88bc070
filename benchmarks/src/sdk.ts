import { createDelegraph, createKey, createPrincipal } from '@delegraph/sdk'
import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { type Contender, cpuRates, type Measured, ratio } from './measure.ts'

const ROUNDS = 7
const CALLS = 3_000
const TOOL = 'https://tools.example.com/mcp#read'

/** What a delegated call costs beside a plain OpenTelemetry span, CPU time of this process. */
export async function sdk(): Promise<Measured> {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  // A provider that makes real spans and sends them nowhere.
  trace.setGlobalTracerProvider(new TracerProvider())
  const tracer = trace.getTracer('bench')
  const alice = createPrincipal({
    id: 'person:alice',
    iss: 'https://auth.example.com',
    kid: 'root',
    key: await createKey(),
  })
  const planner = createDelegraph({ agent: 'agent:planner', key: await createKey() })
  const worker = createDelegraph({ agent: 'agent:worker', key: await createKey() })
  const tools = { [TOOL]: { path: { constraint_type: 'wildcard' } } } as const
  const chain = alice.issue({ to: planner.holder, tools })
  const grant = { to: worker.holder, tools }
  const contenders: Contender[] = [
    {
      name: 'plain span, 10 attributes',
      run: () =>
        repeat(() =>
          tracer.startActiveSpan('call', { attributes: TEN }, async (span) => {
            await work()
            span.end()
          }),
        ),
    },
    {
      name: 'act without a chain',
      run: () => repeat(() => planner.act({ tool: TOOL, args: { path: '/a' } }, work)),
    },
    {
      name: 'act under a chain',
      run: () =>
        repeat(() =>
          planner.under(chain, () => planner.act({ tool: TOOL, args: { path: '/a' } }, work)),
        ),
    },
    {
      name: 'narrow, remembered',
      run: () => repeat(async () => void planner.narrow(chain, grant)),
    },
    {
      name: 'narrow, signed anew',
      run: () => {
        let n = 0
        return repeat(async () => {
          n += 1
          planner.narrow(chain, { ...grant, purpose: `p${n}` })
        })
      },
    },
  ]
  const rates = await cpuRates(contenders, ROUNDS)
  const reference = rates.get('plain span, 10 attributes') ?? Number.NaN
  return {
    name: 'sdk',
    unit: 'calls per CPU-second',
    reference: 'a plain, awaited OpenTelemetry span with 10 attributes',
    results: contenders.slice(1).map(({ name }) => {
      const rate = rates.get(name) ?? Number.NaN
      return { case: name, rate, referenceRate: reference, ratio: ratio(rate, reference) }
    }),
    notes: ['each act signs one receipt with Ed25519; evidence goes on the span and nowhere else'],
  }
}

const TEN = Object.fromEntries(
  Array.from({ length: 10 }, (_, i) => [`attribute.${i}`, `value ${i}`]),
)

async function work(): Promise<void> {
  await Promise.resolve()
}

async function repeat(call: () => Promise<unknown>): Promise<number> {
  for (let i = 0; i < CALLS; i += 1) await call()
  return CALLS
}
