import { parentPort } from 'node:worker_threads'
import { checkPolicies, loadPolicy, type Policy, type PolicyAnswer } from '@delegraph/link/policy'
import { type Replayed, replayed } from './replay.ts'
import type { ReplayCase } from './replay-case.ts'
import type { Done, Read, Task } from './thread.ts'

/** A call of which not even the tool is known could be anything. */
const NOTHING: PolicyAnswer = {
  ...{ decision: 'unknown', policies: [], errors: [], residuals: [], missing: ['action'] },
}

function run({ draft, against, cases, time }: Task): Done {
  const until = performance.now() + time
  const texts = {
    draft: read(draft),
    ...(against === undefined ? {} : { against: read(against) }),
  }
  if (Object.values(texts).some(({ hash }) => hash === undefined)) return texts
  const policy = loadPolicy(draft)
  const other = against === undefined ? undefined : loadPolicy(against)
  const rows: Replayed[] = []
  for (const call of cases) {
    if (performance.now() > until) break
    rows.push(replayed(call, asked(policy, call), other && asked(other, call)))
  }
  return { ...texts, rows }
}

function read(text: string): Read {
  const { slips, policies, hash } = checkPolicies(text)
  return { slips, policies, ...(hash === undefined ? {} : { hash }) }
}

function asked(policy: Policy, { facts }: ReplayCase): PolicyAnswer {
  return facts === undefined ? NOTHING : policy.ask(facts)
}

parentPort?.on('message', (task: Task) => parentPort?.postMessage(run(task)))
