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
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
