import type { ArgumentMap, Constraint, Json } from '@delegraph/link'
import type { Call } from './call.ts'

/** The part of an agent's or person's id that people use: `agent:planner` is `planner`. */
export function who(id: string): string {
  const last = id.split(/[:/#]/).at(-1)
  return last === undefined || last === '' ? id : last
}

/** The name of a tool: what follows the `#` of its URI. */
export function toolName(uri: string): string {
  return who(uri)
}

const LONGEST_VALUE = 60

/** `deploy(env "staging")`: a call with the arguments that were disclosed. */
export function what(call: Call): string {
  const args = argumentTexts(call)
  return args.length === 0 ? toolName(call.tool) : `${toolName(call.tool)}(${args.join(', ')})`
}

/** `env "staging"` for each disclosed argument. */
export function argumentTexts(call: Call): string[] {
  return Object.entries(call.args ?? {}).map(([name, value]) => `${name} ${valueText(value)}`)
}

/** One line for each argument that a grant constrains; a wildcard constrains nothing. */
export function limits(map: ArgumentMap): string[] {
  return Object.entries(map)
    .filter(([, constraint]) => constraint.constraint_type !== 'wildcard')
    .map(([name, constraint]) => `${name} ${constraintText(constraint)}`)
}

function constraintText(constraint: Constraint): string {
  switch (constraint.constraint_type) {
    case 'wildcard':
      return 'anything'
    case 'exact':
      return `= ${valueText(constraint.value)}`
    case 'range': {
      const { min, max } = constraint
      if (min !== undefined && max !== undefined) return `${min}..${max}`
      return min === undefined ? `<= ${max}` : `>= ${min}`
    }
    case 'one_of':
      return `one of ${constraint.values.map(valueText).join(', ')}`
    case 'not_one_of':
      return `none of ${constraint.excluded.map(valueText).join(', ')}`
    case 'contains':
      return `contains ${constraint.required.map(valueText).join(', ')}`
    case 'subset':
      return `within ${constraint.allowed.map(valueText).join(', ')}`
    case 'all':
      return constraint.constraints.map(constraintText).join(' and ')
    case 'any':
      return constraint.constraints.map(constraintText).join(' or ')
  }
}

function valueText(value: Json): string {
  const text = JSON.stringify(value)
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}...` : text
}

/** `a, b and c`. */
export function list(items: readonly string[]): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}
