import { expect, it } from 'vitest'
import { ocsfStatusOf } from './ocsf-status.ts'

it.each([
  [1, { triage: 'new' }],
  [2, { triage: 'acknowledged' }],
  [2, { triage: 'in_progress' }],
  [3, { triage: 'accepted' }],
  [3, { triage: 'new', suppressed: true }],
  [3, { triage: 'in_progress', suppressed: true }],
  [4, { triage: 'closed', suppressed: true }],
  [4, { triage: 'new', holds: false }],
  [4, { triage: 'accepted', holds: false }],
])('is %i for %o', (id, standing) =>
  expect(ocsfStatusOf({ holds: true, suppressed: false, ...standing }).status_id).toBe(id),
)
