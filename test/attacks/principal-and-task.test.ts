import { describe } from 'vitest'
import { accepted, refused } from './attack.ts'

describe('another principal, task, delegate or audience', () => {
  refused('a changed principal is refused', 'F01', 'principal_altered')
  refused('a changed task is refused', 'F02', 'task_altered')
  refused('a delegate that may_act does not name is refused', 'F04', 'delegate_not_permitted')
  accepted('a delegate that may_act names is accepted', 'F03')
  refused('a client_id that is not the actor is refused', 'F05', 'malformed:client_id')
  refused('an actor nested in an actor is refused', 'F06', 'malformed:act')
  refused('an audience that any hop does not name is refused', 'Q02', 'audience_mismatch')
  refused('a leaf that calls a tool without aud is refused', 'Q03', 'audience_mismatch:absent')
  refused('a link without sub is refused', 'M02', 'malformed:sub')
  refused('a link without txn is refused', 'M03', 'malformed:txn')
})
