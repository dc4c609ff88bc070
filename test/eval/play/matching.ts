import { accepts, canonicalize, type Json } from '@delegraph/link'
import type { ActionEvent, Where } from '../format.ts'
import { mapOf } from './permissions.ts'
import type { Part, Stage } from './stage.ts'

/** Whether arguments satisfy what is named; what is not named is free. */
export function satisfies(args: Where, where: Where): boolean {
  return Object.entries(mapOf(where)).every(([name, constraint]) => {
    if (name === '*') return true
    return Object.hasOwn(args, name) && accepts(constraint, args[name] as Json)
  })
}

export function sameArguments(a: Where, b: Where): boolean {
  return canonicalize(a as Json) === canonicalize(b as Json)
}

/** The part of the cited link that an action uses: the one that covers it, else the first of its operation, else the first. */
export function partOf(stage: Stage, action: ActionEvent): Part | undefined {
  const parts = action.chain === null ? undefined : stage.links.get(action.chain)
  const tool = stage.names.tool(action.perm)
  const own = parts?.filter((part) => Object.hasOwn(part.tools, tool))
  return own?.find((part) => isCovered(part, tool, action.where)) ?? own?.[0] ?? parts?.[0]
}

function isCovered(part: Part, tool: string, args: Where): boolean {
  const map = part.tools[tool] ?? {}
  return Object.entries(map).every(
    ([name, constraint]) =>
      name === '*' || (Object.hasOwn(args, name) && accepts(constraint, args[name] as Json)),
  )
}

/** The last link that an agent was given in a task, one that names the operation before others. */
export function lastHeld(
  stage: Stage,
  agent: string,
  task: string,
  perm: string,
): Part | undefined {
  const held = [...stage.links.values()]
    .flat()
    .filter((part) => part.holder === agent && part.task === stage.names.of(task))
  const tool = stage.names.tool(perm)
  return held.findLast((part) => Object.hasOwn(part.tools, tool)) ?? held.at(-1)
}
