import type { Command } from 'commander'

/** Adds the flags that say where the collector keeps and finds things. */
export function withConfig(command: Command): Command {
  return command
    .option('--config <file>', 'configuration file (default: delegraph.json where it exists)')
    .option('--data <folder>', 'folder of the journal and the embedded graph')
    .option('--neo4j <uri>', 'keep the graph in Neo4j; password in NEO4J_PASSWORD or a file')
    .option('--tenant <name>', 'of which tenant, where several are configured')
    .option('--trust <file>', 'trust file: root issuers, approvers, owners')
    .option('--registry <file>', 'signed registry of owners and standing permissions')
}

/** Adds the flags of commands that listen. */
export function withPorts(command: Command): Command {
  return command
    .option('--otlp-port <port>', 'port for OTLP over HTTP (4318)')
    .option('--api-port <port>', 'port for GraphQL (4319)')
    .option('--allow-remote', 'listen on addresses other than loopback')
}
