import { isRooted } from '../../verify/auth.ts'
import { holds } from '../../verify/holds.ts'
import type { Path, PathLink } from '../../verify/path.ts'
import { list, toolName, who } from '../../verify/words.ts'
import { fact } from '../definition/fact.ts'
import { type HeldLink, type Hit, isExecuted, type LinkCase, type LinkRule } from '../rule.ts'

/**
 * D11, held. An agent was given two operations for one task that must not come together, by two principals of
 * whom neither granted both, and has not used both. Fires on the later link.
 *
 * Once both were used it is told at the later use. Source: OWASP ASI02, ASI03.
 */
export const toxicHolding: LinkRule = {
  id: 'D11',
  on: 'link',
  class: 'exposure',
  sentence:
    'An agent holds operations that must not come together, under roots of two principals of whom neither granted both.',
  knowsUse: true,
  check,
}

function check({ link, path, exercised, held, registry }: LinkCase): Hit | undefined {
  const own: HeldLink = { link, path, used: exercised.some(isExecuted) }
  const all = [own, ...held].filter((one) => isSound(one.path) && isRooted(one.path, registry))
  if (!all.includes(own)) return undefined
  for (const first of all.filter((one) => isBefore(one, own))) {
    if (first.used && own.used) continue
    for (const a of toolsOf(first.path)) {
      for (const b of toolsOf(path)) {
        const rule = registry.conflict(a, b)
        if (
          rule === undefined ||
          giversOf(a, all).some((giver) => giversOf(b, all).includes(giver))
        )
          continue
        const people = list([who(rootOf(first.path)), who(rootOf(path))])
        return {
          title: `${who(link.delegate)} holds ${toolName(a)} and ${toolName(b)}, which ${people} granted apart`,
          facts: [
            fact(
              `${who(rootOf(first.path))} granted ${toolName(a)}`,
              'link',
              first.path.links[0]?.hash ?? first.link.hash,
            ),
            fact(
              `${who(rootOf(path))} granted ${toolName(b)} for the same task`,
              'link',
              path.links[0]?.hash ?? link.hash,
            ),
            fact(`conflict rule ${rule} keeps them apart`, 'link', link.hash),
          ],
          gained: link.delegate,
          culprit: { kind: 'link', id: link.hash },
          remedy: {
            kind: 'link',
            sentence: `a link of one principal, ${people}, for both operations in this task`,
            holder: link.delegate,
            tool: b,
            ...(link.task === undefined ? {} : { task: link.task }),
          },
          unused: true,
          fixed: 2,
        }
      }
    }
  }
  return undefined
}

/** In force when the other one was given; of one moment the one with the smaller hash counts as the first. */
function isBefore(first: HeldLink, later: HeldLink): boolean {
  const [a, b] = [first.link, later.link]
  const [given, then] = [givenAt(a), givenAt(b)]
  const ended = first.path.links.some(({ expiresAt = Infinity }) => expiresAt * 1000 <= then)
  return !ended && (given < then || (given === then && a.hash < b.hash))
}

/** Epoch milliseconds. */
function givenAt({ moment, issuedAt = 0 }: PathLink): number {
  return moment ?? issuedAt * 1000
}

function isSound({ complete, links }: Path): boolean {
  return complete && links.every(({ outcome }) => holds(outcome))
}

/** Operations that every link of the path names. */
function toolsOf({ links }: Path): string[] {
  const leaf = links.at(-1)
  return Object.keys(leaf?.tools ?? {})
    .filter((tool) => links.every(({ tools }) => Object.hasOwn(tools, tool)))
    .sort()
}

function giversOf(tool: string, all: readonly HeldLink[]): string[] {
  return all.filter(({ path }) => toolsOf(path).includes(tool)).map(({ path }) => rootOf(path))
}

function rootOf({ links }: Path): string {
  return links[0]?.principal ?? 'unknown'
}
