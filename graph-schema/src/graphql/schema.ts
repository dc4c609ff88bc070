import { ACCESS_SDL } from './access.ts'
import { ACTIONS_SDL } from './actions.ts'
import { AGENTS_SDL } from './agents.ts'
import { ALERTS_SDL } from './alerts.ts'
import { APPROVALS_SDL } from './approvals.ts'
import { CASES_SDL } from './cases.ts'
import { CHAINS_SDL } from './chains.ts'
import { CONVENTIONS_SDL } from './conventions.ts'
import { DECISIONS_SDL } from './decisions.ts'
import { FINDINGS_SDL } from './findings.ts'
import { OPERATIONS_SDL } from './operations.ts'
import { PARTIES_SDL } from './parties.ts'
import { PATHS_SDL } from './paths.ts'
import { POLICIES_SDL } from './policies.ts'
import { POSTURE_SDL } from './posture.ts'
import { PROOFS_SDL } from './proofs.ts'
import { PULSE_SDL } from './pulse.ts'
import { QUESTIONS_SDL } from './questions.ts'
import { SEARCH_SDL } from './search.ts'
import { STORE_SDL } from './store.ts'
import { TRIAGE_SDL } from './triage.ts'
import { VERDICTS_SDL } from './verdicts.ts'

/**
 * The contract of the GraphQL API, as SDL. A TypeScript file and no `.graphql` file, so that a build
 * carries it along. Conventions: the Relay server specification (connections; `nodeId` is the global
 * id, `id` is the one that the command line and the alerts use), GraphQL Cursor Connections, errors
 * as unions, ISO 8601 for times.
 */
export const SCHEMA_SDL: string = [
  OPERATIONS_SDL,
  CONVENTIONS_SDL,
  PARTIES_SDL,
  FINDINGS_SDL,
  VERDICTS_SDL,
  CHAINS_SDL,
  ACTIONS_SDL,
  AGENTS_SDL,
  APPROVALS_SDL,
  DECISIONS_SDL,
  TRIAGE_SDL,
  CASES_SDL,
  ACCESS_SDL,
  QUESTIONS_SDL,
  STORE_SDL,
  SEARCH_SDL,
  POSTURE_SDL,
  PROOFS_SDL,
  PATHS_SDL,
  PULSE_SDL,
  POLICIES_SDL,
  ALERTS_SDL,
].join('\n')
