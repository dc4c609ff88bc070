// Which tools were granted to an agent, and never called by it? What is not used can be taken away.
MATCH (link:Link)-[:GRANTS]->(tool:Tool)
MATCH (link)-[:HELD_BY]->(agent:Agent)
WHERE link.outcome = 'ok'
  AND NOT EXISTS { MATCH (tool)<-[:CALLED]-(:Action)-[:BY]->(agent) }
RETURN agent.id AS agent, tool.uri AS tool, count(DISTINCT link) AS links
ORDER BY links DESC, agent, tool
LIMIT 100
