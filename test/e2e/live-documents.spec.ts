import { appendFileSync, writeFileSync } from 'node:fs';
import type { Answer } from '../support/answer';
import { LivePlace, plainAnswer } from './live.fixture';

/** Files that are not lines: a CSV that grows keeps its header, also through a restart; documents are read when they have settled. */
let place: LivePlace;
beforeEach(() => (place = new LivePlace()));
afterEach(async () => {
  await place.stop();
  await place.remove();
});

const STATES_HEADER =
  '\ufeffTimestamp;Delivery Time;Direction;Sender;Recipient;Header From;Subject;Message ID;Sender IP;Delivered To;Size;Action;Details\r\n';
const state = (number: number): string => {
  const at = (seconds: number): string =>
    new Date(Date.UTC(2026, 2, 2, 9) + (number * 60 + seconds) * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return `${at(0)};${at(4)};Incoming;ada@partner.example;bob${number}@corp.example;ada@partner.example;"Offer; second\r\nversion";<${number}.csv@partner.example>;192.0.2.10;mx1.corp.example[198.51.100.20]:25;2048;Delivered;250 2.0.0 Ok\r\n`;
};
const states = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => state(from + index)).join('');
const zoned = { timeZone: 'UTC' };

describe('a CSV that grows', () => {
  let whole: Answer;
  beforeAll(async () => {
    whole = await plainAnswer([STATES_HEADER + states(0, 40)], zoned);
    expect(whole.journeys.length).toBe(40);
  });

  it('keeps its header and its line numbers, also through a restart in the middle of a quoted field', async () => {
    const text = STATES_HEADER + states(0, 40);
    const at = text.indexOf('second\r\n', text.length / 2) + 'second\r\n'.length;
    const csv = place.path('tracking.csv');
    writeFileSync(csv, STATES_HEADER + states(0, 5));
    await place.start({ ingest: zoned });
    await place.untilRecords(5);
    appendFileSync(csv, text.slice((STATES_HEADER + states(0, 5)).length, at));
    await place.until(async () => (await place.books()).records > 15);
    const before = (await place.books()).records;
    await place.stop();
    await place.start({ ingest: zoned });
    await place.until(() => place.file('tracking.csv')?.state === 'following');
    expect((await place.books()).records).toBe(before);
    appendFileSync(csv, text.slice(at));
    await place.untilRecords(40);
    expect(await place.answer()).toEqual(whole);
    expect(await place.evidence()).toEqual(
      Array.from({ length: 40 }, (_, index) => `tracking.csv:${2 + 2 * index}`).sort(),
    );
  });

  it('gives its last row when its end does not come', async () => {
    writeFileSync(place.path('tracking.csv'), (STATES_HEADER + states(0, 40)).slice(0, -2));
    await place.start({ ingest: zoned });
    await place.until(async () => (await place.books()).records === 40 && (await place.books()).uncorrelated === 0);
    expect(await place.answer()).toEqual(whole);
  });
});

describe('a CSV of which only later rows tell what a row is', () => {
  const header = 'Date,Action,Message ID,From,To,Direction,Mail ID,Sender IP,Delivered To,Details\n';
  const row = (second: number, action: string): string =>
    `2026-03-02T08:00:${second}Z,${action},e1@partner.example,ada@partner.example,bob@corp.example,in,6f1c0000-0000-4000-8000-0000000000e1,192.0.2.10,,\n`;

  it('is read anew when they come, and what it said before is taken back', async () => {
    const text = header + row(40, 'Delivered') + row(30, 'Received');
    const whole = await plainAnswer([text], zoned);
    writeFileSync(place.path('events.csv'), header + row(40, 'Delivered'));
    await place.start({ ingest: zoned });
    await place.untilRecords(1);
    expect(place.file('events.csv')?.state).toBe('read');
    expect(await place.answer()).not.toEqual(whole);
    appendFileSync(place.path('events.csv'), row(30, 'Received'));
    await place.untilRecords(2);
    await place.until(async () => JSON.stringify(await place.answer()) === JSON.stringify(whole));
  });
});

describe('documents', () => {
  const object = (number: number): string =>
    JSON.stringify({
      messageID: `<${number}.json@partner.example>`,
      sender: 'ada@partner.example',
      recipient: `bob${number}@corp.example`,
      direction: 'in',
      timestamp: `2026-03-02T08:${10 + number}:00Z`,
      deliveryTime: `2026-03-02T08:${10 + number}:07Z`,
      action: 'Delivered',
    });
  const page = (count: number): string =>
    `{"logs":[\n${Array.from({ length: count }, (_, number) => object(number)).join(',\n')}\n],"nextToken":""}\n`;

  it('are read when they do not grow any more, and again when they have changed', async () => {
    const whole = await plainAnswer([page(20)]);
    expect(whole.journeys.length).toBe(20);
    // However long this machine takes between two pieces: so long nothing settles.
    await place.start({ timing: { settleMs: 3_600_000 } });
    const text = page(10);
    const path = place.path('page.json');
    for (let at = 0; at < text.length; at += 400) {
      appendFileSync(path, text.slice(at, at + 400));
      await place.until(() => place.file('page.json')?.size === Math.min(text.length, at + 400));
      expect(place.file('page.json')?.state).toBe('settling');
      expect((await place.books()).records).toBe(0);
    }
    await place.stop();
    await place.start();
    await place.untilRecords(10);
    expect(place.file('page.json')).toMatchObject({ state: 'read', records: 10, rejected: 0 });
    writeFileSync(path, page(20));
    await place.untilRecords(20);
    expect(await place.answer()).toEqual(whole);
    await place.stop();
    await place.start();
    await place.until(() => place.file('page.json')?.state === 'read');
    expect(place.file('page.json')).toMatchObject({ records: 20, lastReadAt: null });
    expect(place.notes).toEqual([]);
  });
});
