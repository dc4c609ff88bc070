import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { buildConsole } from './testing/served.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

it('is what npm start serves: built for production, with no path of the machine in it', () => {
  buildConsole()
  const assets = join(ROOT, 'dashboards/console/dist/assets')
  const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'))
  expect(scripts.length).toBeGreaterThan(5)
  const wrong = scripts.filter((name) => {
    const text = readFileSync(join(assets, name), 'utf8')
    return text.includes('jsxDEV') || text.includes(ROOT)
  })
  expect(wrong).toEqual([])
})
