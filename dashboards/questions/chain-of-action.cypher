// By which links did the agents of the open findings that wake somebody come to act, root first?
MATCH (finding:Finding {state: 'open', pages: true})-[:ABOUT_ACTION]->(action:Action)-[:UNDER]->(leaf:Link)
MATCH path = (leaf)-[:DERIVED_FROM*0..16]->(link:Link)
RETURN finding.title AS finding, link.depth AS depth, link.agent AS heldBy, link.outcome AS verdict,
       link.signature AS signature, link.tools AS granted
ORDER BY finding, depth
LIMIT 500
