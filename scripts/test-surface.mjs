// `npm run test:surface`: what people and other programs touch, by itself: the console in a real browser, the API's
// hardening, a real Alertmanager and a real Prometheus, where they are installed.
process.argv.splice(
  2,
  0,
  '--bin',
  'vitest',
  'run',
  'test/console',
  'dashboards',
  'collector/src/console',
  'collector/src/api',
  'alertmanager',
  'prometheus',
)
await import('./run.mjs')
