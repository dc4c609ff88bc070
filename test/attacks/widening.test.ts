import { describe } from 'vitest'
import { accepted, refused } from './attack.ts'

const WIDER = 'not_narrower:widened'

describe('more than the parent granted', () => {
  refused('a tool added is refused', 'G01', WIDER)
  refused('a tool name with a suffix is refused', 'G02', WIDER)
  refused('a tool name in other letter case is refused', 'G03', WIDER)
  refused('a value added to one_of is refused', 'G04', WIDER)
  refused('one_of turned into wildcard is refused', 'G05', WIDER)
  refused('an emptied constraint map is refused', 'G06', WIDER)
  refused('a raised maximum is refused', 'G07', WIDER)
  refused('a bound removed is refused, never inherited', 'G08', WIDER)
  refused('a required argument made optional is refused', 'G09', WIDER)
  refused('an argument dropped from a map is refused', 'G10', WIDER)
  refused('a star entry added is refused', 'G11', WIDER)
  refused('a new argument under a closed map is refused', 'G12', WIDER)
  refused('not_one_of under one_of is refused', 'G13', WIDER)
  refused('an alternative added to any is refused', 'G14', WIDER)
  refused('the text "400" under a numeric range is refused', 'G15', WIDER)
  refused('a number outside the range is refused', 'G16', WIDER)
  refused('a percent-encoded tool name is refused', 'G17', WIDER)
  refused('what is perhaps narrower in another notation is refused', 'G18', 'not_narrower:unproven')
  accepted('a number inside the range is accepted', 'G19')
  refused('a scope token added is refused', 'P21', WIDER)
  refused('a scope under a parent without one is refused', 'P22', WIDER)
  refused('a tool that the anchor may not grant is refused', 'T03', WIDER)
  refused('a resource that is only a prefix of the anchor’s is refused', 'T05', WIDER)
})

describe('fewer approvals than the parent asked for', () => {
  refused('approvals dropped are refused', 'P02', WIDER)
  refused('a smaller number of approvals is refused', 'P03', WIDER)
  refused('an approver added is refused', 'P04', WIDER)
  refused('older approvals are refused', 'P05', WIDER)
  refused('weaker authentication is refused', 'P07', WIDER)
})
