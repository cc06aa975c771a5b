/** Scale, soak and kill series: minutes, not seconds. `npm run trial`. */
module.exports = {
  ...require('./jest.config.js'),
  testMatch: ['<rootDir>/test/**/*.trial.ts'],
  testTimeout: 1800000,
};
