import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CLOCKS } from '../../delay/clocks/clock.service';
import type { Clause } from '../../delay/sla/clause';

/** The formats that a report is issued in. A PDF is among the documents of a report only when it was printed while issuing. */
export const DOCUMENT_FORMATS = ['json', 'html', 'csv', 'pdf'] as const;
export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number];

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256 in hexadecimal');
const Count = z.number().int().min(0);
const Known = z.number().nullable();
const Bytes = z.object({ sha256: Sha256, size_bytes: Count });
const Time = z.iso.datetime();

/** An input as it was when the report was issued; null is not known. */
const Input = z.object({
  input_id: z.string(),
  path: z.string(),
  format: z.string(),
  /** JSON: how it was read */
  options: z.string(),
  /** `reading`: not to its end */
  state: z.enum(['read', 'reading']),
  sha256: Sha256.nullable(),
  size_bytes: Known,
  lines: Known,
  /** it was read while it grew: hash, size and lines are those of its text, unpacked, up to where it had been read */
  followed: z.literal(true).optional(),
  /** why the hash is not known, without a subject */
  unknown: z.string().optional(),
  /** ISO 8601 UTC; the year of stamps without one comes from it */
  modified_at: Time.nullable(),
  records: Count,
  parsed: Count,
  skipped: Count,
  rejected: Count,
  events: Count,
});
export type ManifestInput = z.output<typeof Input>;

const Value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type FigureValue = z.output<typeof Value>;

const Changes = z.object({
  /** figures whose value is another one than in the revision before, at most 1,000 */
  figures: z.array(z.object({ figure: z.string(), before: Value, after: Value })),
  /** changed figures that are not in the list */
  more_figures: Count,
  inputs: z.array(z.object({ path: z.string(), change: z.enum(['new', 'gone', 'other content']) })),
  /** names of what the journeys were made with and that is another now, such as the threshold or the MTAs of the fleet */
  configuration: z.array(z.string()),
});
export type Changes = z.output<typeof Changes>;

const Parameter = z.object({ name: z.string(), texts: z.array(z.string()), numbers: z.array(z.number()) });

const Body = z.object({
  manifest_version: z.literal(1),
  report: z.object({
    id: z.string(),
    series: z.string(),
    sequence: z.number().int().min(1),
    revision: z.number().int().min(1),
    issued_at: Time,
    from: Time,
    to: Time,
    tz: z.string(),
    /** raw where it is left out */
    clock: z.enum(CLOCKS).optional(),
    filters: z.record(z.string(), z.array(z.string())),
    clauses: z.array(z.custom<Clause>((clause) => typeof clause === 'object' && clause !== null)),
    /** against the revision before; null of the first */
    changes: Changes.nullable(),
  }),
  documents: z.partialRecord(z.enum(DOCUMENT_FORMATS), Bytes),
  /** the report that was issued before this one, of whatever period; null of the first of a store */
  previous: z.object({ id: z.string(), manifest_sha256: Sha256 }).nullable(),
  inputs: z.array(Input),
  versions: z.object({
    hoptime: z.string(),
    engine: z.string(),
    /** the last migration of the store's schema, and the hash over the names and hashes of all */
    schema: z.object({ migration: z.string(), sha256: Sha256 }),
  }),
  /** what the journeys were made with besides the events; null of a store that never had any */
  configuration: z.array(Parameter).nullable(),
  /** name of a statement → its text */
  statements: z.record(z.string(), z.string()),
  /** which statement with which parameters gave which part of the report */
  figures: z.array(
    z.object({ part: z.string(), statement: z.string(), parameters: z.record(z.string(), z.unknown()) }),
  ),
  /** what corrected statements got for the clocks: from which stamp on (place in clock_hosts · 2^43 + epoch ms) a clock was so many ms ahead */
  clocks: z
    .object({
      clock_hosts: z.array(z.string()),
      clock_keys: z.array(z.number()),
      clock_leads: z.array(z.number()),
      clock_unknown: z.number(),
      /** where a clock jumped: of each stamp the lead on the other side of a jump near it */
      clock_others: z.array(z.number()).optional(),
      /** when times near a jump begin and end, in turn, from an end at 0 on */
      clock_doubts: z.array(z.number()).optional(),
    })
    .readonly()
    .optional(),
  /** every figure by its place in the JSON of the report, such as `segments.hes.p95_ms` */
  values: z.record(z.string(), Value),
  signing_key: z
    .object({ algorithm: z.literal('Ed25519'), fingerprint: z.string(), public_key: z.string() })
    .nullable(),
});

/** What an issued report rests on. Written as JSON with a check sum at its end, byte for byte reproducible. */
export type Manifest = z.output<typeof Body>;

export const sha256Of = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const rendered = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

/**
 * The text of a manifest. Its last member `sha256` is the hash of the same text without that member, so that a changed byte is noticed also
 * where nothing is signed.
 */
export const manifestText = (manifest: Manifest): string =>
  rendered({ ...manifest, sha256: sha256Of(rendered(manifest)) });

/** A manifest as it was read: undefined where it is none. `problem` says, without a subject, what is wrong with its bytes. */
export interface ReadManifest {
  readonly manifest: Manifest | undefined;
  readonly problem: string | undefined;
}

/** Reads a manifest, and checks that every byte of it is as it was written. */
export function readManifest(text: string): ReadManifest {
  const broken = (problem: string): ReadManifest => ({ manifest: undefined, problem });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return broken(`is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof parsed !== 'object' || parsed === null || !('manifest_version' in parsed))
    return broken('is no manifest of an issued report');
  const { sha256, ...body } = parsed as Record<string, unknown>;
  const result = Body.safeParse(body);
  if (!result.success) {
    const [{ path, message }] = result.error.issues;
    return broken(`cannot be read: ${path.join('.')}: ${message}`);
  }
  const isWhole = sha256Of(rendered(body)) === sha256 && text === rendered(parsed);
  // As it stands in the text: the schema may leave out what it does not know.
  return {
    manifest: body as Manifest,
    problem: isWhole ? undefined : 'is not as it was written: its check sum is another',
  };
}
