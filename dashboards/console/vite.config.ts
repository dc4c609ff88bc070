import { defineConfig } from 'vite'

export default defineConfig({
  resolve: { conditions: ['delegraph-source', 'module', 'browser', 'production'] },
  build: {
    target: 'es2023',
    // Everything is a file of this origin: the policy under which it runs allows nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2_000,
    rolldownOptions: {
      // Packages for servers mark their browser parts; there is no server here.
      onwarn: (warning, warn) => warning.code === 'MODULE_LEVEL_DIRECTIVE' || warn(warning),
    },
  },
  // `npx vite` beside a running collector, for whoever works on the console.
  server: { host: '127.0.0.1', proxy: { '/graphql': 'http://127.0.0.1:4319' } },
})
