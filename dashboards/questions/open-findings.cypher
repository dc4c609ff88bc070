// What is open, by rule and severity, and since when?
MATCH (finding:Finding {state: 'open'})
RETURN finding.rule AS rule, finding.severity AS severity, count(*) AS open,
       datetime({epochMillis: min(finding.at)}) AS oldest
ORDER BY severity DESC, open DESC, rule
LIMIT 100
