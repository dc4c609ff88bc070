import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { countsOf, whereOf } from '../../screens/findings/inbox-search.ts'
import { type SavedView, SCREENS, VIEWS } from './views.ts'

const FOLDER = join(import.meta.dirname, '../../../views')
const files = readdirSync(FOLDER)
const read = (file: string): SavedView => JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))

describe.each(files)('%s', (file) => {
  const view = read(file)

  it('has a name, a folder, a sentence and a screen, and nothing else', () => {
    expect(file).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*\.json$/)
    expect(Object.keys(view)).toEqual(['name', 'folder', 'description', 'screen', 'search'])
    for (const text of [view.name, view.folder]) expect(text).toMatch(/^\S.{0,58}\S$/)
    expect(view.description).toMatch(/^[A-Z].{10,140}\.$/)
    expect(Object.keys(SCREENS)).toContain(view.screen)
  })

  it('is a state that its screen knows: nothing of it is dropped or changed', () => {
    expect(SCREENS[view.screen](view.search)).toEqual(view.search)
  })

  it('selects and unfolds nothing: what is there changes', () => {
    for (const name of ['finding', 'unfold', 'decision', 'select']) {
      expect(view.search).not.toHaveProperty(name)
    }
  })
})

it('is each listed once, under a name of its own', () => {
  expect(VIEWS.map(({ name }) => name).sort()).toEqual(files.map((file) => read(file).name).sort())
  expect(new Set(VIEWS.map(({ name }) => name)).size).toBe(files.length)
  const states = VIEWS.map(({ screen, search }) => `${screen} ${JSON.stringify(search)}`)
  expect(new Set(states).size).toBe(files.length)
})

it('stays inside its tab whatever it filters by', () => {
  const reader = { name: 'bob', now: Date.UTC(2026, 10, 24) }
  expect(whereOf({ triage: ['NEW', 'CLOSED'] }, reader).triage).toEqual(['NEW'])
  expect(countsOf({ triage: ['NEW'] }, reader).closed.triage).toEqual([])
})
