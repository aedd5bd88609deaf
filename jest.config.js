const shared = {
  testEnvironment: '<rootDir>/test/support/environment.ts',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' }, experimental: { keepImportAttributes: true } } },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.node', '<rootDir>/.run'],
};

const project = (displayName, testMatch, more) => ({ ...shared, displayName, testMatch, ...more });
/** Stories run the controller as in the image, and the command as it is installed. */
const bundled = { globalSetup: '<rootDir>/test/support/bundled.ts' };

export default {
  // What hangs must end; what is slow on a busy machine is no fault.
  testTimeout: 300_000,
  projects: [
    project('unit', ['<rootDir>/test/unit/**/*.test.ts', '<rootDir>/test/architecture.test.ts']),
    project('hostile', ['<rootDir>/test/hostile/**/*.test.ts']),
    project('conformance', ['<rootDir>/test/conformance/**/*.test.ts'], bundled),
    project('cluster', ['<rootDir>/test/cluster/**/*.test.ts'], bundled),
    project('browser', ['<rootDir>/test/browser/**/*.test.ts'], bundled),
    project('real-node', ['<rootDir>/test/real-node/stories/**/*.test.ts']),
  ],
};
