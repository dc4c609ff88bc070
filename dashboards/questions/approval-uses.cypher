// How often was each approval used, and by which agents? More than one agent is worth a look.
MATCH (action:Action)-[:USED]->(approval:Approval)
MATCH (action)-[:BY]->(agent:Agent)
WITH approval, count(DISTINCT action) AS used, collect(DISTINCT agent.id) AS byAgents
OPTIONAL MATCH (approval)-[:GIVEN_BY]->(giver:Principal)
RETURN left(approval.hash, 8) AS approval, giver.id AS approvedBy, approval.tool AS tool, used,
       coalesce(approval.uses, 1) AS allowed, byAgents
ORDER BY used DESC, approval
LIMIT 100
