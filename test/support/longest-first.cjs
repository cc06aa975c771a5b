const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * What takes longest, the longest first: begun last, they would run while other processors have nothing to do. jest knows durations from its last run
 * only, and a clean checkout has none.
 */
const LONGEST = [
  'test/scenarios/scenarios.spec.ts',
  'test/e2e/live.spec.ts',
  'test/e2e/one-store.spec.ts',
  'test/contract/kafka.spec.ts',
  'test/e2e/kafka.spec.ts',
  'test/e2e/bad-input.spec.ts',
  'test/mail/real-servers.spec.ts',
  'test/e2e/demo.spec.ts',
  'libs/delay/rollup.service.spec.ts',
  'test/e2e/collect.spec.ts',
  'test/browser/views.spec.ts',
  'test/browser/accessibility.spec.ts',
  'test/contract/bus.spec.ts',
  'test/properties/clocks.spec.ts',
  'test/properties/order-repetition-split.spec.ts',
  'test/sql-clients/jdbc.spec.ts',
  'test/contract/engine.spec.ts',
  'test/e2e/issued-reports.spec.ts',
  'test/browser/overview.spec.ts',
  'test/fuzz/mutated-records.spec.ts',
  'test/e2e/server-store.spec.ts',
  'test/e2e/api-limits.spec.ts',
  'test/e2e/live-trickle.spec.ts',
  'test/properties/touched-messages.spec.ts',
  'test/sql/escapes.spec.ts',
];

const placeOf = ({ path }) => {
  const place = LONGEST.findIndex((name) => path.endsWith(name));
  return place < 0 ? LONGEST.length : place;
};

module.exports = class LongestFirst extends Sequencer {
  async sort(tests) {
    return (await super.sort(tests)).sort((a, b) => placeOf(a) - placeOf(b));
  }
};
