import { type Case, parseCase } from '../../eval/format.ts'
import { type Judgement, judge } from '../../oracle/oracle.ts'
import { makeCase } from '../story.ts'
import { drawn } from './draw.ts'
import { legitimate, type Story } from './legitimate.ts'
import { mutated } from './mutations.ts'

export const toCase = ({ events, world }: Story, id = 'random'): Case =>
  parseCase(makeCase(id, events, { world }))

export const legitimateStories = drawn(legitimate)

/** A history in order and the same with a change. */
export const storyAndMutant = drawn((draw) => {
  const story = legitimate(draw)
  return { story, mutant: mutated(draw, story) }
})

/** Two lines of a file, labelled by the oracle; twins where the one is a violation and the other is not. */
export function labelled(id: string, story: Story, mutant: Story): Case[] {
  const cases = [toCase(story, `${id}/before`), toCase(mutant, `${id}/after`)]
  const judged = cases.map((one) => judge(one))
  const areTwins = judged[0]?.violated !== judged[1]?.violated
  return cases.map((one, i) => ({
    ...one,
    family: 'random',
    pair_id: areTwins ? id : null,
    label: labelOf(judged[i]),
  }))
}

function labelOf(judgement: Judgement | undefined): Case['label'] {
  const incidents = judgement?.incidents ?? []
  const [only, ...others] = incidents
  return {
    inherit: incidents.length > 0,
    actions: incidents.map((incident) => incident.at),
    kinds: [...new Set(incidents.flatMap((incident) => incident.detectors))],
    culprit: others.length === 0 ? (only?.culprit ?? null) : null,
  }
}
