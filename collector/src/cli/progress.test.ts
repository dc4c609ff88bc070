import { expect, it } from 'vitest'
import { createProgress } from './progress.ts'

function screen(isTTY?: boolean) {
  const written: string[] = []
  const write = (text: string): void => void written.push(text)
  return { written, stream: { write, ...(isTTY === undefined ? {} : { isTTY }) } }
}

it('draws how far it is on a terminal, few times, and ends the line', () => {
  const { written, stream } = screen(true)
  {
    using progress = createProgress('reading', 1_000, stream)
    for (let i = 1; i <= 1_000; i += 1) progress.at(i)
  }
  expect(written.length).toBeLessThan(10)
  expect(written[0]).toMatch(/^\rreading ░{24} {3}0 %$/)
  expect(written.at(-2)).toMatch(/^\rreading █{24} 100 %$/)
  expect(written.at(-1)).toBe('\n')
})

it('writes nothing where there is no terminal, or nothing to do', () => {
  for (const [isTTY, total] of [
    [undefined, 10],
    [false, 10],
    [true, 0],
  ] as const) {
    const { written, stream } = screen(isTTY)
    {
      using progress = createProgress('reading', total, stream)
      progress.at(total)
    }
    expect(written).toEqual([])
  }
})
