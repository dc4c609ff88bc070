import type { Path } from './path.ts'
import type { Registry } from './registry.ts'

/** What a chain is for: the first purpose that is declared from its root on. */
export function purposeOf({ links }: Pick<Path, 'links'>): string | undefined {
  return links.find(({ purpose }) => purpose !== undefined)?.purpose
}

/**
 * Whether a path serves a declared purpose: neither that nor the purpose of any link of it lies outside what
 * the chain is for. Where nothing is declared nothing drifts.
 */
export function serves(path: Path, purpose: string | undefined, registry: Registry): boolean {
  const chain = purposeOf(path)
  if (chain === undefined) return true
  return [purpose, ...path.links.map((link) => link.purpose)].every(
    (declared) => declared === undefined || registry.isWithin(declared, chain),
  )
}
