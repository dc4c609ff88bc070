// Which person is behind each open finding that wakes somebody, and who answers for the agent that gained?
MATCH (finding:Finding {state: 'open', pages: true})-[:GAINED_BY]->(agent:Agent)
OPTIONAL MATCH (finding)-[:BLAMES_APPROVAL]->(:Approval)-[:GIVEN_BY]->(giver:Principal)
OPTIONAL MATCH (agent)-[:OWNED_BY]->(owner:Principal)
RETURN finding.rule AS rule, finding.severity AS severity, finding.title AS finding,
       giver.id AS whoseYes, owner.id AS ownerToCall
ORDER BY severity DESC, finding
LIMIT 100
