import type { Way } from '../documents.ts'
import { ruleWord } from '../reach-rows.ts'

export const WAY_COLUMNS = ['steps', 'rule', 'inForce', 'decided', 'way'] as const

export function exportedWay(way: Way) {
  return {
    steps: way.steps.length,
    rule: ruleWord(way),
    inForce: way.inForce,
    decided: way.decided,
    way: way.steps.map(({ sentence }) => sentence),
  }
}
