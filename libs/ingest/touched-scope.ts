import { setTimeout as sleep } from 'node:timers/promises';
import { withNumbers, type Store } from '../store/store';
import { onEvents, rowCount, type EventsKnown } from './correlation';
import type { SeenMta } from './correlation-parameters';
import { hashSlices, sliceCount } from './hash-slices';

/** Links of so many events are collected at a time when there are none yet. */
const EVENTS_PER_SLICE = 2_000_000;
/** Ties of ties of …: mail of a fleet passes a handful of MTAs. */
const MAX_ROUNDS = 30;

const ASK_AGAIN_MS = 20;

/** Groups with events that no journey shows yet: touched since the last correlation, and taken by one that was cut off. */
export async function touchedGroups(store: Store): Promise<{ touched: number; taken: number }> {
  const [{ touched, taken }] = await store.rows<{ touched: number; taken: number }>('correlate/any_touched');
  return { touched: Number(touched), taken: Number(taken) };
}

/**
 * Sets the groups that were touched until now apart, in taken_groups, whose events a correlation will find: those that are touched meanwhile
 * are left to the next one. Inserts of other processes need not wait: those that were on their way are waited for, since what they touched may
 * be among the taken before their events can be seen. What a killed correlation had taken is taken again.
 * @param leftTaken how many that are, where it is known
 */
export async function takeTouched(store: Store, leftTaken?: number): Promise<void> {
  if ((leftTaken ?? (await touchedGroups(store)).taken) > 0) {
    await store.command({
      sql: 'INSERT INTO hoptime_store.touched_groups SELECT DISTINCT group_hash FROM hoptime_store.taken_groups',
    });
    await store.command({ sql: 'TRUNCATE TABLE hoptime_store.taken_groups' });
  }
  await store.command({ sql: 'EXCHANGE TABLES hoptime_store.touched_groups AND hoptime_store.taken_groups' });
  const running = async (): Promise<string[]> =>
    (await store.rows<{ id: string }>('correlate/event_inserts_running')).map(({ id }) => id);
  const before = new Set(await running());
  for (let left = before.size; left > 0; left = (await running()).filter((id) => before.has(id)).length)
    await sleep(ASK_AGAIN_MS);
}

/** What the steps after the scope must know of its events. */
export interface ScopeFacts extends EventsKnown {
  readonly mtas: readonly SeenMta[];
}

/**
 * Gathers in stage_scope and stage_events all groups that the touched ones may share a message with, directly or by others, and their events.
 * Answers undefined when that is more than `limit` groups: then correlating everything costs less.
 */
export async function gatherTouched(store: Store, limit: number): Promise<ScopeFacts | undefined> {
  const scope = {
    sql: 'INSERT INTO hoptime_store.stage_scope SELECT DISTINCT group_hash, 0 FROM hoptime_store.taken_groups',
  };
  await store.together(
    () => fillLinks(store),
    () => store.command(scope),
  );
  for (let round = 0; round < MAX_ROUNDS; round++) {
    await store.command(onEvents('stage_events', 'correlate/scope_events', { round }));
    const [all] = hashSlices(1);
    await store.command(linksInto('stage_links', 'stage_events', { ...all }));
    const kept = { sql: 'INSERT INTO hoptime_store.group_links SELECT DISTINCT * FROM hoptime_store.stage_links' };
    // Looked up are the links of others: those of the scope are in it already.
    const [facts] = await store.together(
      () => scopeFacts(store),
      () => store.command(onEvents('stage_events', 'correlate/scope_ties', { round })),
      () => (round === 0 ? store.command(kept) : Promise.resolve()),
    );
    const size = withNumbers('correlate/scope_size', { round: round + 1 });
    const [{ groups, added }] = await store.rows<{ groups: number; added: number }>(size);
    if (Number(groups) > limit) return undefined;
    if (Number(added) === 0) return facts;
  }
  return undefined;
}

/** The links of all events, where they have not been collected since everything was correlated. */
async function fillLinks(store: Store): Promise<void> {
  if ((await rowCount(store, 'group_links')) > 0) return;
  const slices = hashSlices(sliceCount(await rowCount(store, 'trace_events'), EVENTS_PER_SLICE));
  await store.inParallel(slices, (slice, lane) => lane.command(linksInto('group_links', 'trace_events', { ...slice })));
  // Each look-up reads a granule of each part: of ten parts, as slices leave them, it costs twice as much as of one.
  if (slices.length > 1) await store.command({ sql: 'OPTIMIZE TABLE hoptime_store.group_links FINAL' });
}

function linksInto(
  links: 'group_links' | 'stage_links',
  events: 'trace_events' | 'stage_events',
  numbers: Readonly<Record<string, string | number>>,
): { sql: string } {
  return { sql: onEvents(events, 'correlate/group_links', numbers).sql.replace('{links:Identifier}', links) };
}

async function scopeFacts(store: Store): Promise<ScopeFacts> {
  const [{ events, of_hes, mtas }] = await store.rows<{
    events: number;
    of_hes: number;
    mtas: [mta: string, product: string][];
  }>('correlate/scope_facts');
  return {
    events: Number(events),
    hasHes: Number(of_hes) > 0,
    mtas: mtas.map(([mta, product]) => ({ mta, product })),
  };
}
