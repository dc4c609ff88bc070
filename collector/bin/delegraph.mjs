#!/usr/bin/env node
// The command. In a checkout it runs the sources; in an installed package it runs what was built.
import { existsSync } from 'node:fs'

const source = new URL('../src/cli/main.ts', import.meta.url)
if (existsSync(source)) {
  const { spawnSync } = await import('node:child_process')
  const { fileURLToPath } = await import('node:url')
  const runner = fileURLToPath(new URL('../../scripts/run.mjs', import.meta.url))
  const { status, signal } = spawnSync(
    process.execPath,
    [runner, fileURLToPath(source), ...process.argv.slice(2)],
    { stdio: 'inherit' },
  )
  if (signal !== null) process.kill(process.pid, signal)
  process.exitCode = status ?? 1
} else {
  const { main } = await import('../dist/cli/main.js')
  process.exitCode = await main(process.argv.slice(2))
}
