import type { Clock } from '../../delay/clocks/clock.service';
import type { Coverage } from '../../delay/report';
import type { IssuedHead } from './issued-report.repository';
import type { DocumentFormat } from './manifest';

/** An issued report as lists show it, in the words of the contract. */
export interface ShownHead {
  id: string;
  sequence: number;
  series: string;
  revision: number;
  issued_at: string;
  from: string;
  to: string;
  tz: string;
  clock: Clock;
  filters: Record<string, string[]>;
  clauses: string[];
  signed: boolean;
  manifest_sha256: string;
  /** the report issued before this one, of whatever period */
  previous: string | null;
  formats: DocumentFormat[];
  inputs: number;
  coverage: Coverage;
  /** how much differs from the revision before; null of the first */
  changed: { figures: number; inputs: number } | null;
}

export function shownHead({ issuedAt, from, to, summary, manifestSha256, ...head }: IssuedHead): ShownHead {
  const time = (ms: number): string => new Date(ms).toISOString();
  const { filters, clauses, formats, inputs, previous, coverage, changed, clock = 'raw' } = summary;
  return {
    id: head.id,
    sequence: head.sequence,
    series: head.series,
    revision: head.revision,
    issued_at: time(issuedAt),
    from: time(from),
    to: time(to),
    tz: head.tz,
    clock,
    filters: Object.fromEntries(Object.entries(filters).map(([name, values]) => [name, [...values]])),
    clauses: [...clauses],
    signed: head.signed,
    manifest_sha256: manifestSha256,
    previous,
    formats: [...formats],
    inputs,
    coverage,
    changed,
  };
}
