/**
 * What an owner says about agents outside any chain: the signed registry (`agent-registry+jwt`).
 *
 * It comes from configuration and never from an agent, is evidence like all other, and never widens
 * a link. Times are NumericDate, seconds. An unknown entry type is kept and ignored by the rules.
 */

/** Tool URI to argument constraints, in the permission language of the link profile. */
export type RegistryTools = Readonly<Record<string, Readonly<Record<string, unknown>>>>

export type EffectClass = 'read' | 'sensitive_read' | 'write' | 'critical'

export type RegistryEntry =
  | {
      /** Somebody who answers for what agents do. */
      readonly type: 'principal'
      readonly id: string
      readonly kind: 'person' | 'organisation' | 'service'
      /** No longer answers for anything: left, closed, switched off. */
      readonly disabled?: boolean
      /** Root issuers (`iss`) that speak for nobody but this principal; absent: any may. */
      readonly issuers?: readonly string[]
    }
  | {
      /** Who answers for an agent, and by which keys it is known without a link. */
      readonly type: 'owner'
      readonly agent: string
      /** `null` says that the agent is known and nobody answers for it. */
      readonly owner: string | null
      readonly kind?: 'agent' | 'service' | 'external'
      /** JWKs whose private half the agent holds. */
      readonly keys?: readonly unknown[]
      /** Until when the owner answers; of an agent without one, until when none has to be named yet. */
      readonly until?: number
      /** For people alone, as OCSF's `ai_agent` calls them; no rule reads them. */
      readonly version?: string
      readonly model?: string
      /** What it is for, in a sentence. */
      readonly charter?: string
    }
  | {
      /** What an agent's own identity may do at any time. */
      readonly type: 'standing'
      readonly agent: string
      readonly tools: RegistryTools
      readonly from?: number
      readonly until?: number
      readonly task?: string
      readonly purpose?: string
    }
  | {
      /** The owner of an agent offers these operations of it to callers. */
      readonly type: 'export'
      readonly agent: string
      readonly callers: readonly string[] | '*'
      readonly tools: RegistryTools
      /** Who offers it: only the owner of the agent may. The agent's owner where absent. */
      readonly owner?: string
      readonly from?: number
      readonly until?: number
    }
  | {
      /** Operations that anybody may perform. */
      readonly type: 'public'
      readonly tools: RegistryTools
    }
  | {
      /** To whom a credential was issued; more than one agent means it is shared by declaration. */
      readonly type: 'credential'
      readonly hash: string
      readonly issued_to: readonly string[]
      readonly tools?: RegistryTools
      readonly until?: number
    }
  | {
      /** How grave an operation is; drives severity. */
      readonly type: 'effect'
      readonly tool: string
      readonly class: EffectClass
    }
  | {
      /** The deepest link allowed, 0 at the root; for the chains of one principal where it names one. */
      readonly type: 'limit'
      readonly max_depth: number
      readonly principal?: string
    }
  /** Operations of which no two may come together under roots of two principals. */
  | { readonly type: 'conflict'; readonly tools: readonly string[]; readonly id?: string }
  /** One step of the purpose taxonomy: whatever is for the child is for the parent too. */
  | { readonly type: 'purpose'; readonly child: string; readonly parent: string }
  | {
      /**
       * What a class of resources is for: a resource as calls name it, or all below it (`docs/*` takes in
       * `docs/2026/plan`, and not `docs2`). Of several entries each says so of its own.
       */
      readonly type: 'resource'
      readonly resource: string
      readonly purposes: readonly string[]
    }
