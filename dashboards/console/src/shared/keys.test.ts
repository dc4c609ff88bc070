import { expect, it } from 'vitest'
import { keyOf, labelOf } from './keys.ts'

const NONE = { ctrlKey: false, metaKey: false, altKey: false }

it('names what is pressed as the tables do', () => {
  expect(keyOf({ ...NONE, key: 'j' })).toBe('j')
  expect(keyOf({ ...NONE, key: '?' })).toBe('?')
  expect(keyOf({ ...NONE, key: 'K', ctrlKey: true })).toBe('Mod+k')
  expect(keyOf({ ...NONE, key: 'k', metaKey: true })).toBe('Mod+k')
  expect(keyOf({ ...NONE, key: 'k', ctrlKey: true, altKey: true })).toBeUndefined()
})

it('is read as it is printed on the keys', () => {
  expect(['ArrowDown', 'Escape', 'Home', 'j', 'Mod+k'].map((key) => labelOf(key, false))).toEqual([
    ...['↓', 'Esc', 'Home', 'j', 'Ctrl K'],
  ])
  expect(labelOf('Mod+k', true)).toBe('⌘K')
})
