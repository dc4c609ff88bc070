import { describe, expect, it } from 'vitest'
import { neo4jMigrations } from './neo4j.ts'

describe('the migrations of Neo4j', () => {
  it('are in this order, keys before everything that is written', () => {
    expect(neo4jMigrations().map(({ id }) => id)).toEqual([
      '0001-keys',
      '0002-lookups',
      '0003-standing',
      '0004-decisions',
      '0005-reasons',
      '0006-series',
    ])
  })

  it('may each be run again', () => {
    for (const statement of neo4jMigrations().flatMap(({ statements }) => statements)) {
      expect(statement).toMatch(/ IF NOT EXISTS | WHERE n\.\w+ IS NULL /)
    }
  })

  it('are pinned: another text is a change of everybody’s database', () => {
    expect(neo4jMigrations()).toMatchInlineSnapshot(`
      [
        {
          "id": "0001-keys",
          "statements": [
            "CREATE CONSTRAINT delegraph_meta IF NOT EXISTS FOR (n:DelegraphMeta) REQUIRE (n.tenant, n.uid) IS UNIQUE",
            "CREATE CONSTRAINT delegraph_Evidence IF NOT EXISTS FOR (n:Evidence) REQUIRE (n.tenant, n.uid) IS UNIQUE",
            "CREATE CONSTRAINT delegraph_Principal IF NOT EXISTS FOR (n:Principal) REQUIRE (n.tenant, n.uid) IS UNIQUE",
            "CREATE CONSTRAINT delegraph_Agent IF NOT EXISTS FOR (n:Agent) REQUIRE (n.tenant, n.uid) IS UNIQUE",
            "CREATE CONSTRAINT delegraph_Key IF NOT EXISTS FOR (n:Key) REQUIRE (n.tenant, n.uid) IS UNIQUE",
            "CREATE CONSTRAINT delegraph_Tool IF NOT EXISTS FOR (n:Tool) REQUIRE (n.tenant, n.uid) IS UNIQUE",
            "CREATE CONSTRAINT delegraph_Link IF NOT EXISTS FOR (n:Link) REQUIRE (n.tenant, n.uid) IS UNIQUE",
            "CREATE CONSTRAINT delegraph_Action IF NOT EXISTS FOR (n:Action) REQUIRE (n.tenant, n.uid) IS UNIQUE",
            "CREATE CONSTRAINT delegraph_Approval IF NOT EXISTS FOR (n:Approval) REQUIRE (n.tenant, n.uid) IS UNIQUE",
            "CREATE CONSTRAINT delegraph_Decision IF NOT EXISTS FOR (n:Decision) REQUIRE (n.tenant, n.uid) IS UNIQUE",
            "CREATE CONSTRAINT delegraph_Revocation IF NOT EXISTS FOR (n:Revocation) REQUIRE (n.tenant, n.uid) IS UNIQUE",
            "CREATE CONSTRAINT delegraph_StatusList IF NOT EXISTS FOR (n:StatusList) REQUIRE (n.tenant, n.uid) IS UNIQUE",
            "CREATE CONSTRAINT delegraph_Identity IF NOT EXISTS FOR (n:Identity) REQUIRE (n.tenant, n.uid) IS UNIQUE",
            "CREATE CONSTRAINT delegraph_Movement IF NOT EXISTS FOR (n:Movement) REQUIRE (n.tenant, n.uid) IS UNIQUE",
            "CREATE CONSTRAINT delegraph_Resource IF NOT EXISTS FOR (n:Resource) REQUIRE (n.tenant, n.uid) IS UNIQUE",
            "CREATE CONSTRAINT delegraph_Data IF NOT EXISTS FOR (n:Data) REQUIRE (n.tenant, n.uid) IS UNIQUE",
            "CREATE CONSTRAINT delegraph_Credential IF NOT EXISTS FOR (n:Credential) REQUIRE (n.tenant, n.uid) IS UNIQUE",
            "CREATE CONSTRAINT delegraph_Finding IF NOT EXISTS FOR (n:Finding) REQUIRE (n.tenant, n.uid) IS UNIQUE",
            "CREATE CONSTRAINT delegraph_FindingEvent IF NOT EXISTS FOR (n:FindingEvent) REQUIRE (n.tenant, n.uid) IS UNIQUE",
            "CREATE CONSTRAINT delegraph_Alert IF NOT EXISTS FOR (n:Alert) REQUIRE (n.tenant, n.uid) IS UNIQUE",
            "CREATE CONSTRAINT delegraph_Triage IF NOT EXISTS FOR (n:Triage) REQUIRE (n.tenant, n.uid) IS UNIQUE",
            "CREATE CONSTRAINT delegraph_TriageEvent IF NOT EXISTS FOR (n:TriageEvent) REQUIRE (n.tenant, n.uid) IS UNIQUE",
            "CREATE CONSTRAINT delegraph_Suppression IF NOT EXISTS FOR (n:Suppression) REQUIRE (n.tenant, n.uid) IS UNIQUE",
            "CREATE CONSTRAINT delegraph_Case IF NOT EXISTS FOR (n:Case) REQUIRE (n.tenant, n.uid) IS UNIQUE",
            "CREATE CONSTRAINT delegraph_CaseItem IF NOT EXISTS FOR (n:CaseItem) REQUIRE (n.tenant, n.uid) IS UNIQUE",
            "CREATE CONSTRAINT delegraph_CaseEvent IF NOT EXISTS FOR (n:CaseEvent) REQUIRE (n.tenant, n.uid) IS UNIQUE",
          ],
        },
        {
          "id": "0002-lookups",
          "statements": [
            "CREATE INDEX delegraph_Evidence_kind IF NOT EXISTS FOR (n:Evidence) ON (n.tenant, n.\`kind\`)",
            "CREATE INDEX delegraph_Evidence_link IF NOT EXISTS FOR (n:Evidence) ON (n.tenant, n.\`link\`)",
            "CREATE INDEX delegraph_Evidence_parent IF NOT EXISTS FOR (n:Evidence) ON (n.tenant, n.\`parent\`)",
            "CREATE INDEX delegraph_Evidence_action IF NOT EXISTS FOR (n:Evidence) ON (n.tenant, n.\`action\`)",
            "CREATE INDEX delegraph_Evidence_actionHash IF NOT EXISTS FOR (n:Evidence) ON (n.tenant, n.\`actionHash\`)",
            "CREATE INDEX delegraph_Evidence_artefact IF NOT EXISTS FOR (n:Evidence) ON (n.tenant, n.\`artefact\`)",
            "CREATE INDEX delegraph_Evidence_task IF NOT EXISTS FOR (n:Evidence) ON (n.tenant, n.\`task\`)",
            "CREATE INDEX delegraph_Evidence_token IF NOT EXISTS FOR (n:Evidence) ON (n.tenant, n.\`token\`)",
            "CREATE INDEX delegraph_Agent_owner IF NOT EXISTS FOR (n:Agent) ON (n.tenant, n.\`owner\`)",
            "CREATE INDEX delegraph_Link_chain IF NOT EXISTS FOR (n:Link) ON (n.tenant, n.\`chain\`)",
            "CREATE INDEX delegraph_Link_parent IF NOT EXISTS FOR (n:Link) ON (n.tenant, n.\`parent\`)",
            "CREATE INDEX delegraph_Link_principal IF NOT EXISTS FOR (n:Link) ON (n.tenant, n.\`principal\`)",
            "CREATE INDEX delegraph_Link_task IF NOT EXISTS FOR (n:Link) ON (n.tenant, n.\`task\`)",
            "CREATE INDEX delegraph_Link_token IF NOT EXISTS FOR (n:Link) ON (n.tenant, n.\`token\`)",
            "CREATE INDEX delegraph_Link_agent IF NOT EXISTS FOR (n:Link) ON (n.tenant, n.\`agent\`)",
            "CREATE INDEX delegraph_Link_holderKey IF NOT EXISTS FOR (n:Link) ON (n.tenant, n.\`holderKey\`)",
            "CREATE INDEX delegraph_Link_anchor IF NOT EXISTS FOR (n:Link) ON (n.tenant, n.\`anchor\`)",
            "CREATE INDEX delegraph_Link_status IF NOT EXISTS FOR (n:Link) ON (n.tenant, n.\`status\`)",
            "CREATE INDEX delegraph_Link_seenAs IF NOT EXISTS FOR (n:Link) ON (n.tenant, n.\`seenAs\`)",
            "CREATE INDEX delegraph_Link_replaces IF NOT EXISTS FOR (n:Link) ON (n.tenant, n.\`replaces\`)",
            "CREATE INDEX delegraph_Link_outcome IF NOT EXISTS FOR (n:Link) ON (n.tenant, n.\`outcome\`)",
            "CREATE INDEX delegraph_Action_trace IF NOT EXISTS FOR (n:Action) ON (n.tenant, n.\`trace\`)",
            "CREATE INDEX delegraph_Action_agent IF NOT EXISTS FOR (n:Action) ON (n.tenant, n.\`agent\`)",
            "CREATE INDEX delegraph_Action_tool IF NOT EXISTS FOR (n:Action) ON (n.tenant, n.\`tool\`)",
            "CREATE INDEX delegraph_Action_about IF NOT EXISTS FOR (n:Action) ON (n.tenant, n.\`about\`)",
            "CREATE INDEX delegraph_Action_seenAs IF NOT EXISTS FOR (n:Action) ON (n.tenant, n.\`seenAs\`)",
            "CREATE INDEX delegraph_Action_task IF NOT EXISTS FOR (n:Action) ON (n.tenant, n.\`task\`)",
            "CREATE INDEX delegraph_Action_chain IF NOT EXISTS FOR (n:Action) ON (n.tenant, n.\`chain\`)",
            "CREATE INDEX delegraph_Action_link IF NOT EXISTS FOR (n:Action) ON (n.tenant, n.\`link\`)",
            "CREATE INDEX delegraph_Action_actionHash IF NOT EXISTS FOR (n:Action) ON (n.tenant, n.\`actionHash\`)",
            "CREATE INDEX delegraph_Action_resource IF NOT EXISTS FOR (n:Action) ON (n.tenant, n.\`resource\`)",
            "CREATE INDEX delegraph_Action_session IF NOT EXISTS FOR (n:Action) ON (n.tenant, n.\`session\`)",
            "CREATE INDEX delegraph_Action_credential IF NOT EXISTS FOR (n:Action) ON (n.tenant, n.\`credential\`)",
            "CREATE INDEX delegraph_Action_at IF NOT EXISTS FOR (n:Action) ON (n.tenant, n.\`at\`)",
            "CREATE INDEX delegraph_Action_settlesAt IF NOT EXISTS FOR (n:Action) ON (n.tenant, n.\`settlesAt\`)",
            "CREATE INDEX delegraph_Approval_token IF NOT EXISTS FOR (n:Approval) ON (n.tenant, n.\`token\`)",
            "CREATE INDEX delegraph_Approval_approver IF NOT EXISTS FOR (n:Approval) ON (n.tenant, n.\`approver\`)",
            "CREATE INDEX delegraph_Approval_link IF NOT EXISTS FOR (n:Approval) ON (n.tenant, n.\`link\`)",
            "CREATE INDEX delegraph_Approval_actionHash IF NOT EXISTS FOR (n:Approval) ON (n.tenant, n.\`actionHash\`)",
            "CREATE INDEX delegraph_Approval_task IF NOT EXISTS FOR (n:Approval) ON (n.tenant, n.\`task\`)",
            "CREATE INDEX delegraph_Approval_about IF NOT EXISTS FOR (n:Approval) ON (n.tenant, n.\`about\`)",
            "CREATE INDEX delegraph_Approval_after IF NOT EXISTS FOR (n:Approval) ON (n.tenant, n.\`after\`)",
            "CREATE INDEX delegraph_Decision_token IF NOT EXISTS FOR (n:Decision) ON (n.tenant, n.\`token\`)",
            "CREATE INDEX delegraph_Decision_link IF NOT EXISTS FOR (n:Decision) ON (n.tenant, n.\`link\`)",
            "CREATE INDEX delegraph_Decision_actionHash IF NOT EXISTS FOR (n:Decision) ON (n.tenant, n.\`actionHash\`)",
            "CREATE INDEX delegraph_Decision_agent IF NOT EXISTS FOR (n:Decision) ON (n.tenant, n.\`agent\`)",
            "CREATE INDEX delegraph_Decision_about IF NOT EXISTS FOR (n:Decision) ON (n.tenant, n.\`about\`)",
            "CREATE INDEX delegraph_Decision_tool IF NOT EXISTS FOR (n:Decision) ON (n.tenant, n.\`tool\`)",
            "CREATE INDEX delegraph_Decision_task IF NOT EXISTS FOR (n:Decision) ON (n.tenant, n.\`task\`)",
            "CREATE INDEX delegraph_Decision_policy IF NOT EXISTS FOR (n:Decision) ON (n.tenant, n.\`policy\`)",
            "CREATE INDEX delegraph_Decision_at IF NOT EXISTS FOR (n:Decision) ON (n.tenant, n.\`at\`)",
            "CREATE INDEX delegraph_Revocation_token IF NOT EXISTS FOR (n:Revocation) ON (n.tenant, n.\`token\`)",
            "CREATE INDEX delegraph_Revocation_task IF NOT EXISTS FOR (n:Revocation) ON (n.tenant, n.\`task\`)",
            "CREATE INDEX delegraph_StatusList_uri IF NOT EXISTS FOR (n:StatusList) ON (n.tenant, n.\`uri\`)",
            "CREATE INDEX delegraph_Identity_holderKey IF NOT EXISTS FOR (n:Identity) ON (n.tenant, n.\`holderKey\`)",
            "CREATE INDEX delegraph_Identity_agent IF NOT EXISTS FOR (n:Identity) ON (n.tenant, n.\`agent\`)",
            "CREATE INDEX delegraph_Movement_agent IF NOT EXISTS FOR (n:Movement) ON (n.tenant, n.\`agent\`)",
            "CREATE INDEX delegraph_Movement_peer IF NOT EXISTS FOR (n:Movement) ON (n.tenant, n.\`peer\`)",
            "CREATE INDEX delegraph_Movement_resource IF NOT EXISTS FOR (n:Movement) ON (n.tenant, n.\`resource\`)",
            "CREATE INDEX delegraph_Movement_task IF NOT EXISTS FOR (n:Movement) ON (n.tenant, n.\`task\`)",
            "CREATE INDEX delegraph_Movement_at IF NOT EXISTS FOR (n:Movement) ON (n.tenant, n.\`at\`)",
            "CREATE INDEX delegraph_Credential_credential IF NOT EXISTS FOR (n:Credential) ON (n.tenant, n.\`credential\`)",
            "CREATE INDEX delegraph_Credential_task IF NOT EXISTS FOR (n:Credential) ON (n.tenant, n.\`task\`)",
            "CREATE INDEX delegraph_Finding_rule IF NOT EXISTS FOR (n:Finding) ON (n.tenant, n.\`rule\`)",
            "CREATE INDEX delegraph_Finding_state IF NOT EXISTS FOR (n:Finding) ON (n.tenant, n.\`state\`)",
            "CREATE INDEX delegraph_Finding_incident IF NOT EXISTS FOR (n:Finding) ON (n.tenant, n.\`incident\`)",
            "CREATE INDEX delegraph_Finding_fingerprint IF NOT EXISTS FOR (n:Finding) ON (n.tenant, n.\`fingerprint\`)",
            "CREATE INDEX delegraph_Finding_series IF NOT EXISTS FOR (n:Finding) ON (n.tenant, n.\`series\`)",
            "CREATE INDEX delegraph_Finding_action IF NOT EXISTS FOR (n:Finding) ON (n.tenant, n.\`action\`)",
            "CREATE INDEX delegraph_Finding_link IF NOT EXISTS FOR (n:Finding) ON (n.tenant, n.\`link\`)",
            "CREATE INDEX delegraph_Finding_chain IF NOT EXISTS FOR (n:Finding) ON (n.tenant, n.\`chain\`)",
            "CREATE INDEX delegraph_Finding_task IF NOT EXISTS FOR (n:Finding) ON (n.tenant, n.\`task\`)",
            "CREATE INDEX delegraph_Finding_agent IF NOT EXISTS FOR (n:Finding) ON (n.tenant, n.\`agent\`)",
            "CREATE INDEX delegraph_Finding_from IF NOT EXISTS FOR (n:Finding) ON (n.tenant, n.\`from\`)",
            "CREATE INDEX delegraph_Finding_tool IF NOT EXISTS FOR (n:Finding) ON (n.tenant, n.\`tool\`)",
            "CREATE INDEX delegraph_Finding_resource IF NOT EXISTS FOR (n:Finding) ON (n.tenant, n.\`resource\`)",
            "CREATE INDEX delegraph_Finding_culprit IF NOT EXISTS FOR (n:Finding) ON (n.tenant, n.\`culprit\`)",
            "CREATE INDEX delegraph_Finding_at IF NOT EXISTS FOR (n:Finding) ON (n.tenant, n.\`at\`)",
            "CREATE INDEX delegraph_Finding_urgency IF NOT EXISTS FOR (n:Finding) ON (n.tenant, n.\`urgency\`)",
            "CREATE INDEX delegraph_Finding_triage IF NOT EXISTS FOR (n:Finding) ON (n.tenant, n.\`triage\`)",
            "CREATE INDEX delegraph_Finding_assignee IF NOT EXISTS FOR (n:Finding) ON (n.tenant, n.\`assignee\`)",
            "CREATE INDEX delegraph_Finding_suppressedBy IF NOT EXISTS FOR (n:Finding) ON (n.tenant, n.\`suppressedBy\`)",
            "CREATE INDEX delegraph_Finding_raisedAt IF NOT EXISTS FOR (n:Finding) ON (n.tenant, n.\`raisedAt\`)",
            "CREATE INDEX delegraph_FindingEvent_finding IF NOT EXISTS FOR (n:FindingEvent) ON (n.tenant, n.\`finding\`)",
            "CREATE INDEX delegraph_Alert_finding IF NOT EXISTS FOR (n:Alert) ON (n.tenant, n.\`finding\`)",
            "CREATE INDEX delegraph_Alert_group IF NOT EXISTS FOR (n:Alert) ON (n.tenant, n.\`group\`)",
            "CREATE INDEX delegraph_Alert_state IF NOT EXISTS FOR (n:Alert) ON (n.tenant, n.\`state\`)",
            "CREATE INDEX delegraph_Triage_state IF NOT EXISTS FOR (n:Triage) ON (n.tenant, n.\`state\`)",
            "CREATE INDEX delegraph_TriageEvent_finding IF NOT EXISTS FOR (n:TriageEvent) ON (n.tenant, n.\`finding\`)",
            "CREATE INDEX delegraph_TriageEvent_request IF NOT EXISTS FOR (n:TriageEvent) ON (n.tenant, n.\`request\`)",
            "CREATE INDEX delegraph_Suppression_createdAt IF NOT EXISTS FOR (n:Suppression) ON (n.tenant, n.\`createdAt\`)",
            "CREATE INDEX delegraph_Suppression_state IF NOT EXISTS FOR (n:Suppression) ON (n.tenant, n.\`state\`)",
            "CREATE INDEX delegraph_Suppression_request IF NOT EXISTS FOR (n:Suppression) ON (n.tenant, n.\`request\`)",
            "CREATE INDEX delegraph_Suppression_endRequest IF NOT EXISTS FOR (n:Suppression) ON (n.tenant, n.\`endRequest\`)",
            "CREATE INDEX delegraph_Case_state IF NOT EXISTS FOR (n:Case) ON (n.tenant, n.\`state\`)",
            "CREATE INDEX delegraph_Case_openedAt IF NOT EXISTS FOR (n:Case) ON (n.tenant, n.\`openedAt\`)",
            "CREATE INDEX delegraph_CaseItem_case IF NOT EXISTS FOR (n:CaseItem) ON (n.tenant, n.\`case\`)",
            "CREATE INDEX delegraph_CaseItem_about IF NOT EXISTS FOR (n:CaseItem) ON (n.tenant, n.\`about\`)",
            "CREATE INDEX delegraph_CaseItem_place IF NOT EXISTS FOR (n:CaseItem) ON (n.tenant, n.\`place\`)",
            "CREATE INDEX delegraph_CaseEvent_case IF NOT EXISTS FOR (n:CaseEvent) ON (n.tenant, n.\`case\`)",
            "CREATE INDEX delegraph_CaseEvent_version IF NOT EXISTS FOR (n:CaseEvent) ON (n.tenant, n.\`version\`)",
            "CREATE INDEX delegraph_CaseEvent_request IF NOT EXISTS FOR (n:CaseEvent) ON (n.tenant, n.\`request\`)",
          ],
        },
        {
          "id": "0003-standing",
          "statements": [
            "MATCH (n:Finding) WHERE n.triage IS NULL AND n.severity IS NOT NULL
      SET n.urgency = CASE WHEN n.pages THEN 1000 ELSE 0 END + n.severity * 100,
        n.triage = 'new', n.assignee = '', n.suppressed = false, n.suppressedBy = ''",
          ],
        },
        {
          "id": "0004-decisions",
          "statements": [
            "MATCH (n:Decision) WHERE n.kind IS NULL AND n.verdict IS NOT NULL
      SET n.kind = CASE WHEN n.intent IS NULL THEN 'request' ELSE 'intent' END",
          ],
        },
        {
          "id": "0005-reasons",
          "statements": [
            "MATCH (n:Finding) WHERE n.reason IS NULL AND n.triage IS NOT NULL
      OPTIONAL MATCH (t:Triage {tenant: n.tenant, uid: n.uid})
      SET n.reason = coalesce(t.reason, '')",
          ],
        },
        {
          "id": "0006-series",
          "statements": [
            "MATCH (n:Finding) WHERE n.series IS NULL AND n.fingerprint IS NOT NULL
      SET n.series = n.fingerprint",
          ],
        },
      ]
    `)
  })
})
