import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { generatedFiles } from '../../scripts/generated.ts'

const ROOT = join(import.meta.dirname, '../..')

for (const { path, text } of generatedFiles()) {
  it(`${path} is what npm run generate writes`, () => {
    expect(readFileSync(join(ROOT, path), 'utf8')).toBe(text)
  })
}
