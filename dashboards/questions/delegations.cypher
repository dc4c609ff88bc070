// Which agents hand authority on to which, and how many hops from the person?
MATCH (link:Link)-[:ISSUED_BY]->(from:Agent)
MATCH (link)-[:HELD_BY]->(to:Agent)
RETURN from.id AS delegator, to.id AS delegate, count(*) AS links, max(link.depth) AS deepest
ORDER BY links DESC, delegator, delegate
LIMIT 100
