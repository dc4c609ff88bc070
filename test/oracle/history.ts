// One case, by name and in order of time. What is written down here is only what the case says; nothing is judged.
import type {
  ActionEvent,
  Agent,
  ApprovalEvent,
  Case,
  CredentialEvent,
  DecisionEvent,
  Event,
  LinkEvent,
} from '../eval/format.ts'

type OfType<T extends Event['type']> = Extract<Event, { type: T }>

/** A moment: seconds, and the place in the order of events that breaks a tie. */
export interface Moment {
  t: number
  seq: number
}

export function isBefore(a: Moment, b: Moment): boolean {
  return a.t < b.t || (a.t === b.t && a.seq < b.seq)
}

export class History {
  readonly told: Omit<Case, 'label'>
  readonly links: readonly LinkEvent[]
  readonly actions: readonly ActionEvent[]
  private readonly inOrder: readonly Event[]
  private readonly byType = new Map<string, readonly Event[]>()

  constructor(told: Omit<Case, 'label'>) {
    this.told = told
    this.inOrder = told.events.toSorted((a, b) => (isBefore(a, b) ? -1 : 1))
    this.links = this.all('link')
    this.actions = this.all('action')
  }

  /** The events of one type, earliest first, which need not be the order in which they are listed. */
  all<T extends Event['type']>(type: T): readonly OfType<T>[] {
    const known = this.byType.get(type) ?? this.inOrder.filter((event) => event.type === type)
    this.byType.set(type, known)
    return known as readonly OfType<T>[]
  }

  link(id: string | null | undefined): LinkEvent | undefined {
    return this.links.find((l) => l.id === id)
  }

  action(id: string | null | undefined): ActionEvent | undefined {
    return this.actions.find((x) => x.id === id)
  }

  approval(id: string | null | undefined): ApprovalEvent | undefined {
    return this.all('approval').find((a) => a.id === id)
  }

  decision(id: string | null | undefined): DecisionEvent | undefined {
    return this.all('decision').find((d) => d.id !== undefined && d.id === id)
  }

  credential(id: string | null): CredentialEvent | undefined {
    return this.all('credential').find((c) => c.id === id)
  }

  agent(id: string): Agent | undefined {
    return this.told.agents.find((a) => a.id === id)
  }

  isAgent(id: string): boolean {
    return this.agent(id) !== undefined
  }

  isPrincipal(id: string): boolean {
    return this.told.principals.some((p) => p.id === id)
  }

  /** The principal who answers for an agent, if one does. */
  ownerOf(agentId: string): string | undefined {
    const owner = this.agent(agentId)?.owner
    return owner && this.isPrincipal(owner) ? owner : undefined
  }

  isPublic(operation: string): boolean {
    return this.told.public.includes(operation)
  }

  /** Clause E: it happened, and it was not free for all. A refused or failed call is an attempt. */
  counts(x: ActionEvent): boolean {
    return x.status === 'ok' && !this.isPublic(x.perm)
  }
}
