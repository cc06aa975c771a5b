import { z } from 'zod';
import { ALLOW_LIST_FORMS } from '../../diagnose/allow-list/allow-list';
import type { Diagnosis as DiagnosisFields } from '../../diagnose/doctor/diagnosis';
import { ADDRESS_STATUSES, MX_STATUSES } from '../../diagnose/doctor/mx-records';
import { REFUSAL_KINDS } from '../../diagnose/doctor/refusal-kind';
import { Text } from './figures';

const Whole = z.number().int();
const Service = z.enum(['hes', 'tmes']);
const Texts = z.array(z.string());

const Mx = z.object({
  status: z.enum(MX_STATUSES),
  records: z.array(
    z.object({
      preference: Whole,
      exchange: z.string(),
      service: Service.nullable().meta({ description: 'null: no inbound host of HES or TMES' }),
      region: Text,
      addresses: Texts,
      address_status: z.enum(ADDRESS_STATUSES),
    }),
  ),
  domain_addresses: Texts.meta({ description: 'of the domain itself, where it has no MX record' }),
  problem: Text,
});

const AllowListChecks = z.array(
  z.object({
    file: z.string(),
    name: Text,
    form: z.enum(ALLOW_LIST_FORMS),
    entries: Whole,
    covers_needed: z.boolean().nullable(),
    regions: z.array(
      z.object({
        service: Service,
        region: z.string(),
        needed: z.boolean().nullable(),
        published: Texts,
        missing: Texts,
        denied: Texts,
      }),
    ),
  }),
);

const SeenAddresses = z.array(
  z.object({
    address: z.string(),
    name: Text,
    mtas: Texts,
    events: Whole,
    first_at: z.string(),
    last_at: z.string(),
    published: z.boolean(),
    configured: z.boolean().meta({ description: 'in HES_NETWORKS' }),
    missing_in: Texts.meta({ description: 'allow-lists that do not let it in' }),
  }),
);

const Refusals = z.array(
  z.object({
    told_by: z.enum(['mta', 'hes']).meta({ description: 'both may tell of the same attempt: not to be added' }),
    mta: Text,
    kind: z.enum(REFUSAL_KINDS),
    reply: z.string(),
    refusals: Whole,
    addresses: Texts,
    first_at: z.string(),
    last_at: z.string(),
    journeys: Whole.meta({ description: 'journeys that HES held because of this reply first' }),
    waiting_ms: Whole.meta({ description: 'how long HES held them, together' }),
  }),
);

export const Diagnosis = z
  .object({
    domain: z.string(),
    checked_at: z.string(),
    resolver: Text,
    from: Text.meta({ description: 'what the logs were asked for begins here; null: no bound' }),
    to: Text.meta({ description: 'and ends before this' }),
    data_as_of: z.object({ mail_exchangers: z.string(), networks: z.string() }),
    ok: z.boolean().nullable().meta({ description: 'null: something could not be found out' }),
    findings: z.array(
      z.object({
        check: z.enum(['mx', 'allow_list', 'seen_addresses', 'refusals']),
        severity: z.enum(['ok', 'note', 'warning', 'problem', 'unknown']),
        finding: z.string(),
        advice: Text,
      }),
    ),
    mx: Mx,
    allow_lists: AllowListChecks,
    allow_list_problems: z.array(z.object({ file: z.string(), line: Whole.nullable(), reason: z.string() })),
    seen_addresses: SeenAddresses.nullable(),
    refusals: Refusals.nullable(),
  } satisfies Record<keyof DiagnosisFields, z.ZodType>)
  .meta({ id: 'Diagnosis', description: 'the same as `hoptime doctor --json`' });
