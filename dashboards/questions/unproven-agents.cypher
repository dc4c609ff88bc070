// Which agents act without signed receipts, and how often?
MATCH (action:Action)-[:BY]->(agent:Agent)
WITH agent, count(*) AS actions, sum(CASE action.grade WHEN 'proven' THEN 1 ELSE 0 END) AS proven
RETURN agent.id AS agent, actions, proven, actions - proven AS withoutProof
ORDER BY withoutProof DESC, agent
LIMIT 100
