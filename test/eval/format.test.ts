import { describe, expect, it } from 'vitest'
import { FormatError, parseCase, parseCases } from './format.ts'

const action = { seq: 2, type: 'action', id: 'X1', actor: 'a', perm: 'read' }
const small = {
  case_id: 'c1',
  family: 'made',
  principals: [{ id: 'p', kind: 'person' }],
  agents: [{ id: 'a', owner: 'p', standing: [] }],
  events: [{ seq: 1, t: 5, type: 'task_end', task: 'other' }, action],
  label: { inherit: false, actions: [], kinds: [], culprit: null },
}

const withEvent = (event: object) => ({ ...small, events: [event] })
const problem = (value: object): string => {
  try {
    parseCase(JSON.stringify(value), 3)
  } catch (error) {
    if (error instanceof FormatError) return error.message
    throw error
  }
  return 'accepted'
}

describe('a labelled scenario file', () => {
  it('fills in what an event may leave out', () => {
    expect(parseCase(JSON.stringify(small)).events[1]).toEqual({
      ...action,
      t: 5,
      trace: 'trace-1',
      session: 'session-1',
      task: 'task-1',
      where: {},
      chain: null,
      approval: null,
      cred: null,
      status: 'ok',
      zone: false,
      control: false,
    })
  })

  it('reads what it wrote as the same case', () => {
    const once = parseCase(JSON.stringify(small))
    expect(parseCase(JSON.stringify(once))).toEqual(once)
  })

  it('keeps a principal of null apart from none', () => {
    const claimed = parseCase(JSON.stringify(withEvent({ ...action, principal: null })))
    expect(claimed.events[0]).toHaveProperty('principal', null)
    expect(parseCase(JSON.stringify(small)).events[1]).not.toHaveProperty('principal')
  })

  it('keeps an argument called __proto__ as an argument', () => {
    const line = JSON.stringify(small).replace(
      '"perm":"read"',
      '"perm":"read","where":{"__proto__":1}',
    )
    const [, read] = parseCase(line).events
    expect(read?.type === 'action' && Object.keys(read.where)).toEqual(['__proto__'])
  })

  it('says where the fault is', () => {
    expect(problem({ ...small, family: 7 })).toBe(
      'line 3: family must be a string that is not empty',
    )
    expect(problem(withEvent({ ...action, status: 'fine' }))).toBe(
      'line 3: events[0].status must be one of ok, denied, failed',
    )
    expect(problem(withEvent({ ...action, type: 'wish' }))).toBe(
      'line 3: events[0].type is of no known type: wish',
    )
    expect(problem({ ...small, events: [action, action] })).toBe(
      'line 3: events[1].seq must ascend',
    )
    expect(problem({ ...small, events: [action, { ...action, seq: 3 }] })).toBe(
      'line 3: events name "X1" twice',
    )
    expect(problem({ ...small, label: { ...small.label, kinds: ['D17'] } })).toContain(
      'label.kinds[0] must be one of D1, ',
    )
  })

  it('takes no line that is not JSON, and no case id twice', () => {
    const line = JSON.stringify(small)
    expect(() => parseCases(`${line}\n\n${line}\n`)).toThrow('line 2: is not JSON')
    expect(() => parseCases(`${line}\n${line}\n`)).toThrow(
      'line 2: case_id is used twice in the file',
    )
    expect(parseCases(`${line}\n`)).toHaveLength(1)
  })
})
