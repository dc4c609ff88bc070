import { expect, it } from 'vitest'
import { outcomeOfArtefact, outcomeOfChain, VECTORS } from '../vectors/read.ts'

/**
 * One attack that is a vector of `test/vectors/links.json`. `title` says what must fail; the
 * outcome is compared with `code` here, so that a vector cannot be weakened unnoticed.
 */
export function refused(title: string, id: string, code: string, codeOfTwin = code): void {
  it(title, () => {
    const found = VECTORS.chains.filter((vector) => baseOf(vector.id) === id)
    const artefacts = VECTORS.artefacts.filter((vector) => baseOf(vector.id) === id)
    expect(found.length + artefacts.length, `vector ${id} and its twin`).toBe(2)
    const codeOf = (vector: { readonly id: string }) => (vector.id === id ? code : codeOfTwin)
    for (const vector of found)
      expect([vector.id, outcomeOfChain(vector)]).toEqual([vector.id, codeOf(vector)])
    for (const vector of artefacts)
      expect([vector.id, outcomeOfArtefact(vector)]).toEqual([vector.id, codeOf(vector)])
    for (const vector of [...found, ...artefacts]) expect(vector.expect).toBe(codeOf(vector))
  })
}

/** The chain that the hostile ones are made from: without it a refusal would prove nothing. */
export function accepted(title: string, ...ids: string[]): void {
  it(title, () => {
    for (const id of ids) {
      const chains = VECTORS.chains.filter((vector) => baseOf(vector.id) === id)
      const artefacts = VECTORS.artefacts.filter((vector) => baseOf(vector.id) === id)
      const outcomes = [...chains.map(outcomeOfChain), ...artefacts.map(outcomeOfArtefact)]
      expect([id, ...outcomes]).toEqual([id, 'ok', 'ok'])
    }
  })
}

function baseOf(id: string): string {
  return id.replace(/\.es256$/, '')
}
