// Which links do not hold, and why?
MATCH (link:Link)
WHERE link.outcome <> 'ok'
RETURN link.outcome AS why, count(*) AS links, collect(DISTINCT link.agent)[..5] AS heldBy
ORDER BY links DESC, why
LIMIT 100
