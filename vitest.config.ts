import { defineConfig } from 'vitest/config';

// One project per kind of test: `unit` needs nothing but Node, `emulator` starts the embedded AWS emulator.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{apis,function,lambda,local,bench}/**/*.test.ts'],
          exclude: ['**/*.emulator.test.ts'],
        },
      },
      {
        test: {
          name: 'emulator',
          include: ['{function,lambda,local}/**/*.emulator.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
