import { DETECTORS, type DetectorId } from '@delegraph/graph-schema'
import { RULES } from './rules/index.ts'

/** What a rule is known by, in the fields of a Sigma header (2.1.0). The rule itself is code: Sigma has no paths. */
export interface RuleHeader {
  /** The same for good, whatever the rule is called. */
  readonly uuid: string
  readonly status: 'stable' | 'test' | 'experimental'
  /** What it usually comes to; each finding has its own severity. */
  readonly level: 'informational' | 'low' | 'medium' | 'high' | 'critical'
  /** OWASP agentic threats and ATLAS techniques, as its page has them. */
  readonly tags: readonly string[]
  /** How it may be wrong where nothing is. */
  readonly falsePositives: readonly string[]
}

/** Who answers for the rules as they are shipped. */
const AUTHOR = 'Delegraph'
/** When they were written, looked at last, and are to be looked at next. */
const DATES = { date: '2026-11-24', modified: '2026-11-29', review: '2027-05-29' } as const

const HEADERS: Readonly<Record<DetectorId, RuleHeader>> = {
  D1: {
    uuid: 'd98111c8-8900-5d5c-8873-6b231a580571',
    status: 'test',
    level: 'high',
    tags: ['owasp.asi03', 'owasp.asi09', 'atlas.aml.t0053'],
    falsePositives: ['the link that passed the permission on was never sent to the collector'],
  },
  D2: {
    uuid: '59a74230-83a2-5788-bf17-63108c094172',
    status: 'test',
    level: 'medium',
    tags: ['owasp.asi03', 'atlas.aml.t0053'],
    falsePositives: ['a link that renews a wider one arrives before the one that it renews'],
  },
  D3: {
    uuid: '0da8c23b-594d-588e-9009-5f4c90da9747',
    status: 'test',
    level: 'high',
    tags: ['owasp.asi03', 'owasp.asi02', 'owasp.asi01', 'atlas.aml.t0053', 'atlas.aml.t0051.001'],
    falsePositives: ['the caller holds a permission of which the registry does not know'],
  },
  D4: {
    uuid: 'e49cfabf-a0e7-523d-96b6-81e13df21a27',
    status: 'test',
    level: 'high',
    tags: ['owasp.asi03', 'owasp.asi10', 'atlas.aml.t0053'],
    falsePositives: [
      'the refusal was about another call that looks alike, since its arguments are withheld',
    ],
  },
  D5: {
    uuid: 'e4483a3a-c573-5398-ac92-19f83a4efc35',
    status: 'test',
    level: 'high',
    tags: ['owasp.asi07', 'owasp.asi09', 'owasp.asi03', 'atlas.aml.t0053'],
    falsePositives: [
      'two collectors of one service with stores of their own each count the first use',
    ],
  },
  D6: {
    uuid: '9e63a99a-ccb5-5d91-9ab2-b42f30596152',
    status: 'test',
    level: 'high',
    tags: [
      'owasp.asi03',
      'atlas.aml.t0012',
      'atlas.aml.t0055',
      'atlas.aml.t0083',
      'atlas.aml.t0098',
      'atlas.aml.t0082',
    ],
    falsePositives: [
      'a broker hands one credential to several agents on purpose and nobody says so',
    ],
  },
  D7: {
    uuid: '18450e58-ab01-556a-ad0b-85daf73db927',
    status: 'experimental',
    level: 'medium',
    tags: [
      'owasp.asi06',
      'owasp.asi03',
      'owasp.asi08',
      'atlas.aml.t0080.000',
      'atlas.aml.t0051.001',
    ],
    falsePositives: ['the data was read again from a source that is not recorded'],
  },
  D8: {
    uuid: '319c1bd3-2590-594c-992b-322eee9f7c98',
    status: 'test',
    level: 'low',
    tags: ['owasp.asi03', 'owasp.asi07', 'owasp.asi08', 'atlas.aml.t0053', 'atlas.aml.t0105'],
    falsePositives: ['the service checks by other means and signs no decision'],
  },
  D9: {
    uuid: 'ef7f4e78-52e5-553d-b71d-e2284a0e7d15',
    status: 'test',
    level: 'high',
    tags: ['owasp.asi03', 'atlas.aml.t0012'],
    falsePositives: ['clocks that differ by more than the skew; a status list that was late'],
  },
  D10: {
    uuid: '805bcb01-a84c-5bb5-b098-673d9f4a0dcd',
    status: 'test',
    level: 'high',
    tags: ['owasp.asi07', 'atlas.aml.t0073'],
    falsePositives: ['a proxy that cuts or masks evidence on its way and does not mark it'],
  },
  D11: {
    uuid: 'ed10c7e3-82cd-585d-b59a-dbeb8b096373',
    status: 'test',
    level: 'medium',
    tags: ['owasp.asi03', 'owasp.asi02', 'owasp.asi08', 'atlas.aml.t0053', 'atlas.aml.t0086'],
    falsePositives: ['both grants were meant for one task, under a conflict rule that is too wide'],
  },
  D12: {
    uuid: '4f84d6d9-1ed5-55b7-8bcc-e77db8e416e9',
    status: 'test',
    level: 'medium',
    tags: ['owasp.asi03', 'owasp.asi10', 'atlas.aml.t0012'],
    falsePositives: ['an agent that is newer than the registry'],
  },
  D13: {
    uuid: '330bdac1-9445-5bbe-9050-ad4e4917fa4d',
    status: 'experimental',
    level: 'medium',
    tags: ['owasp.asi01', 'owasp.asi02', 'owasp.asi10', 'atlas.aml.t0051'],
    falsePositives: ['a purpose that is written in other words than the registry has for it'],
  },
  D14: {
    uuid: '713d0f9f-f007-5e47-b56b-0a78ccf85ced',
    status: 'experimental',
    level: 'medium',
    tags: [
      'owasp.asi01',
      'owasp.asi07',
      'owasp.asi08',
      'atlas.aml.t0051.001',
      'atlas.aml.t0080.001',
    ],
    falsePositives: ['the result confirmed a choice that was made before'],
  },
  D15: {
    uuid: '3bbf30b9-923b-5cf7-b869-449413ec43e9',
    status: 'test',
    level: 'high',
    tags: ['owasp.asi03', 'atlas.aml.t0073', 'atlas.aml.t0012'],
    falsePositives: ['a root that is renewed under another name of the same person'],
  },
  D16: {
    uuid: 'a9a7316e-c95a-5fb8-b7b6-821bb0ccecf5',
    status: 'test',
    level: 'high',
    tags: ['owasp.asi03', 'owasp.asi04', 'owasp.asi10', 'atlas.aml.t0081'],
    falsePositives: ['an owner who works by an agent of his own'],
  },
}

/** A header with all that a list of rules shows. */
export interface ListedRule extends RuleHeader {
  readonly rule: DetectorId
  readonly name: string
  readonly description: string
  readonly author: string
  readonly date: string
  readonly modified: string
  /** When it is to be looked at again. */
  readonly review: string
  /** Its page and its test, in the sources. */
  readonly references: readonly string[]
}

export function listedRules(): readonly ListedRule[] {
  return (Object.keys(HEADERS) as DetectorId[]).map((rule) => {
    const name = DETECTORS[rule]
    const description = RULES.find(({ id }) => id === rule)?.sentence ?? ''
    const references = [
      `docs/rules/${rule}-${name}.md`,
      `collector/src/findings/rules/${name}.test.ts`,
    ]
    return { ...HEADERS[rule], rule, name, description, author: AUTHOR, ...DATES, references }
  })
}
