import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SCREENS } from '../views/views.ts'
import { QUESTIONS, type Question, VALUE, viewOf } from './questions.ts'

const FOLDER = join(import.meta.dirname, '../../../questions')
const files = readdirSync(FOLDER)
const read = (file: string): Question => JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))

describe.each(files)('%s', (file) => {
  const question = read(file)

  it('has a name with a gap, a folder, a sentence, what it takes and a screen, and nothing else', () => {
    expect(file).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*\.json$/)
    expect(Object.keys(question)).toEqual([
      ...['name', 'folder', 'description', 'takes', 'screen', 'search'],
    ])
    expect(question.name.split(VALUE)).toHaveLength(2)
    expect(question.description).toMatch(/^[A-Z].{10,140}\.$/)
    expect(question.takes.length).toBeGreaterThan(0)
  })

  it('is a state that its screen knows, with the whole id in one place', () => {
    // An id may look like anything, and like the gap itself.
    for (const id of ['agent:a', 'https://x.example/mcp#{value}?a=b&c', '$&']) {
      const { screen, search, name } = viewOf(question, { id, name: 'it' })
      expect(SCREENS[screen](search)).toEqual(search)
      expect(JSON.stringify(search).split(JSON.stringify(id))).toHaveLength(2)
      expect(name).toBe(question.name.replace(VALUE, 'it'))
    }
  })
})

it('each is listed once, under a name of its own', () => {
  expect(QUESTIONS.map(({ name }) => name).sort()).toEqual(
    files.map((file) => read(file).name).sort(),
  )
  expect(new Set(QUESTIONS.map(({ name }) => name)).size).toBe(files.length)
})
