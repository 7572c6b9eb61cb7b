import { defineConfig } from 'vitest/config';

// One project per kind of test: `unit` needs nothing but Node, `emulator` starts the embedded AWS emulator, `engine` runs
// the programs of Crossplane, Argo CD and kustomize themselves, built from their Go modules on first use. `browser` opens the upload page
// in Chromium, on the emulator.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{apis,argocd,function,lambda,local,plugin,bench,e2e,release,tools,web}/**/*.test.ts'],
          exclude: ['**/*.{emulator,browser,engine}.test.ts'],
          // Some start processes, and a busy machine takes its time.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'emulator',
          include: ['{argocd,function,lambda,local,plugin,e2e}/**/*.emulator.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // One file at a time: where functions are throttled for long, a state machine's retries end.
          fileParallelism: false,
          // Of the tests marked concurrent: they mostly wait for other processes.
          maxConcurrency: 3,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['local/**/*.browser.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'engine',
          include: ['{argocd,bench,e2e,release,tools}/**/*.engine.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 1_800_000,
        },
      },
    ],
  },
});
