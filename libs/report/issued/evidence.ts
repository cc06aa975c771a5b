import { createHash } from 'node:crypto';
import type { Report, SlowJourney } from '../../delay/report';
import type { Exception } from '../report-document';

/**
 * Manifests name no person: whatever names one stands there as a hash, over so much that only who has the evidence can compute it. So a manifest can
 * stay when an address is erased, and still says whether the evidence is the same.
 */
export const hashed = (...parts: readonly unknown[]): string =>
  `sha256:${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`;

/** The slowest mail without its names. */
export const namelessSlowest = (slowest: Report['slowest']): object[] =>
  slowest.map(({ message_id, recipient, ...figures }: SlowJourney) => ({
    ...figures,
    mail: hashed(message_id, recipient, figures.total_ms),
  }));

/** The exceptions without their names. Where a line of evidence lies is another place on another machine: its file is left out. */
export const namelessExceptions = (exceptions: readonly Exception[]): object[] =>
  exceptions.map(({ account, more }) => {
    const { message_id, recipient, total_ms, hes_ms, downstream_ms, events } = account;
    const lines = events.map((event) => {
      const { event_time, kind, statement, mta, queue_id, smtp_reply, line } = event;
      return [event_time, kind, statement, mta, queue_id, smtp_reply, line];
    });
    return {
      total_ms,
      hes_ms,
      downstream_ms,
      events: events.length + more,
      evidence: hashed(message_id, recipient, lines),
    };
  });
