/** Every test of the suite: unit specs beside the code, whole-program tests under test/. */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/libs/**/*.spec.ts', '<rootDir>/apps/**/*.spec.ts', '<rootDir>/test/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2022',
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  testSequencer: '<rootDir>/test/support/longest-first.cjs',
  globalSetup: '<rootDir>/test/support/program-logs/setup.ts',
  globalTeardown: '<rootDir>/test/support/program-logs/teardown.ts',
  // Generous: on a machine that is busy, or stands still for a moment, only what hangs shall fail.
  testTimeout: 240000,
  // One more than the two cores that CI has: much of the time of the long ones is waiting.
  maxWorkers: 3,
};
