import { graphql } from '../../api/graphql.ts'

export const PULSE = graphql(`
  query Pulse {
    pulse {
      seconds linksVerified linksFailed lagRecords lagSeconds
      evidence {
        proven { value approximate }
        signed { value approximate }
        asserted { value approximate }
        observed { value approximate }
      }
    }
  }
`)
