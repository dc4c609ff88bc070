import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['delegraph-source'] },
  ssr: {
    resolve: { conditions: ['delegraph-source', 'node', 'module-sync', 'import', 'default'] },
  },
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['test/harness/neo4j/global-setup.ts'],
    reporters: ['default', './test/harness/closing-line.ts'],
    // Much of a test is waiting for servers and timers: two at once also where there are two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // They end what hangs; a slow machine that does other work as well fails nothing.
    testTimeout: 120_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 30_000 } },
  },
})
