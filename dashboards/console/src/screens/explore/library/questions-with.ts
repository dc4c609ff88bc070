import { type Question, VALUE } from '../../../app/questions/questions.ts'

/** Those that have all words of a text in what they ask, answer or are listed under. */
export function questionsWith(questions: readonly Question[], text: string): readonly Question[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return questions.filter((question) => {
    const said = `${question.folder} ${askedOf(question)} ${question.description}`.toLowerCase()
    return words.every((word) => said.includes(word))
  })
}

const THINGS: Readonly<Record<Question['takes'][number], string>> = {
  AGENT: 'an agent',
  PRINCIPAL: 'a principal',
  TOOL: 'a tool',
  LINK: 'a link',
  ACTION: 'a call',
  APPROVAL: 'an approval',
  DECISION: 'a decision',
  FINDING: 'a finding',
}

/** What it takes: `an agent`, `a link or an approval`. */
export function thingOf({ takes }: Pick<Question, 'takes'>): string {
  return takes.map((kind) => THINGS[kind]).join(' or ')
}

/** The question with what it takes in place of the thing: `What could an agent reach?` */
export function askedOf(question: Pick<Question, 'name' | 'takes'>): string {
  const thing = thingOf(question)
  const noun = thing.replace(/^an? /, '')
  return question.name.replace(`${noun} ${VALUE}`, thing).replace(VALUE, thing)
}
