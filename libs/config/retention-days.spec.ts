import { parseRetentionDays } from './retention-days';

test.each([
  ['0', { events: 0, rejected_records: 0, audit_log: 0, files: 0 }],
  ['90', { events: 90, rejected_records: 90, audit_log: 90, files: 90 }],
  ['90, audit_log=365,files=7', { events: 90, rejected_records: 90, audit_log: 365, files: 7 }],
  ['', undefined],
  ['-1', undefined],
  ['90,journeys=3', undefined],
  ['90,files', undefined],
  ['99999', undefined],
])('%s', (text, days) => {
  expect(parseRetentionDays(text)).toEqual(days);
});
