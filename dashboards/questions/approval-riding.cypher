// Which actions used an approval that was given to somebody else?
MATCH (action:Action)-[:USED]->(approval:Approval)-[:GIVEN_FOR]->(:Link)-[:HELD_BY]->(owner:Agent)
MATCH (action)-[:BY]->(rider:Agent)
MATCH (approval)-[:GIVEN_BY]->(giver:Principal)
WHERE owner <> rider
RETURN rider.id AS rider, action.tool AS tool, owner.id AS approvalGivenTo, giver.id AS approvedBy,
       action.grade AS grade, datetime({epochMillis: action.at}) AS at
ORDER BY at DESC
LIMIT 100
