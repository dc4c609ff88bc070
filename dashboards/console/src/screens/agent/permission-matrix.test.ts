import { expect, it } from 'vitest'
import { permissionMatrix } from './permission-matrix.ts'

const at = '2026-11-24T10:00:00.000Z'
const permission = (tool: string) => ({
  tool,
  limits: [],
  source: 'LINK' as const,
  state: 'OK' as const,
  links: 1,
  expiresAt: null,
  link: null,
})
const use = (tool: string) => ({
  tool,
  uses: { value: 2, approximate: false },
  lastUsedAt: at,
  lastAction: { id: 'x', chain: null },
})
const gained = (tool: string) => ({ tool, uses: 1, lastAt: at, from: null, findings: [] })

it('says of each tool what the three sides say together, the worst first', () => {
  const rows = permissionMatrix({
    granted: { complete: true, permissions: ['status', 'idle', 'deploy'].map(permission) },
    exercised: { complete: true, tools: ['status', 'deploy', 'open'].map(use) },
    inherited: { complete: true, tools: ['deploy', 'refund'].map(gained) },
  })
  expect(rows.map(({ tool, says }) => [tool, says])).toEqual([
    ['deploy', 'inherited'],
    ['refund', 'inherited'],
    ['open', 'not granted'],
    ['status', 'in use'],
    ['idle', 'unused'],
  ])
})
