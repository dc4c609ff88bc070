import { expect, it } from 'vitest'
import { QUESTIONS, VALUE } from '../../../app/questions/questions.ts'
import { askedOf, questionsWith } from './questions-with.ts'

it('puts what a question takes where its thing stands', () => {
  const asked = QUESTIONS.map(askedOf)
  expect(asked).toContain('What could an agent reach?')
  expect(asked).toContain('What if an approval is taken back?')
  expect(asked.filter((name) => name.includes(VALUE) || /approval an|link a /.test(name))).toEqual(
    [],
  )
})

it('finds by all words of what is asked, answered and listed under', () => {
  const found = (text: string) => questionsWith(QUESTIONS, text).map(({ name }) => name)
  expect(found('')).toHaveLength(QUESTIONS.length)
  expect(found('what if approval')).toEqual([`What if approval ${VALUE} is taken back?`])
  expect(found('blast radius').length).toBeGreaterThan(0)
  expect(found('no such words')).toEqual([])
})

it('finds each by its own words alone', () => {
  for (const { name } of QUESTIONS) {
    const own = name.replace(VALUE, ' ')
    expect(questionsWith(QUESTIONS, own).map((found) => found.name)).toContain(name)
  }
})
