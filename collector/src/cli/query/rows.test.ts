import { expect, test } from 'vitest'
import { csvOf, rowsOf, tableOf } from './rows.ts'

const data = {
  findings: {
    nodes: [
      { rule: 'D1', from: { id: 'a' }, policies: ['x', 'y'] },
      { rule: 'D10', from: null, title: 'one "two", three' },
    ],
  },
}

test('an answer is the first list in it, a column a path', () => {
  expect(rowsOf(data)).toEqual({
    columns: ['rule', 'from.id', 'policies', 'title'],
    rows: [
      ['D1', 'a', 'x, y', ''],
      ['D10', '', '', 'one "two", three'],
    ],
  })
  expect(rowsOf({ viewer: { name: 'local' } })).toEqual({
    columns: ['viewer.name'],
    rows: [['local']],
  })
  expect(rowsOf({ findings: { nodes: [] } })).toEqual({ columns: [], rows: [] })
})

test('CSV quotes what needs it, and no text of somebody is a formula', () => {
  expect(csvOf(rowsOf(data))).toBe(
    'rule,from.id,policies,title\r\nD1,a,"x, y",\r\nD10,,,"one ""two"", three"\r\n',
  )
  const hostile = { columns: ['name'], rows: [['=cmd|calc'], ['+1'], ['@x'], ['-1']] }
  expect(csvOf(hostile)).toBe("name\r\n'=cmd|calc\r\n'+1\r\n'@x\r\n'-1\r\n")
})

test('a table is as wide as its cells, and a line each', () => {
  expect(tableOf({ columns: ['a', 'b'], rows: [['long', 'x\ny\u001b[31m']] })).toBe(
    'a     b\nlong  x y [31m\n',
  )
})
