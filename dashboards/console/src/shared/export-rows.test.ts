import { expect, it } from 'vitest'
import { asCsv } from './export-rows.ts'

it('quotes what needs it and lets no cell be a formula', () => {
  const rows = [
    { a: 'plain', b: 'say "no", twice' },
    { a: '=HYPERLINK("x")', b: null },
    { a: ['x', 1], b: 4 },
  ]
  expect(asCsv(['a', 'b'], rows)).toBe(
    'a,b\r\nplain,"say ""no"", twice"\r\n"\'=HYPERLINK(""x"")",\r\n"[""x"",1]",4\r\n',
  )
})
