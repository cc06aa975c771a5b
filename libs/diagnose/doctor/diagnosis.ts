import type { AllowListForm, AllowListProblem } from '../allow-list/allow-list';
import type { MxCheck } from './mx-records';
import type { RefusalKind } from './refusal-kind';

/** A region's published ranges against one allow-list. CIDRs are the fewest that say it. */
export interface RegionCoverage {
  service: 'hes' | 'tmes';
  region: string;
  /** the MX records name hosts of this region; null where they name none, so that any may be meant */
  needed: boolean | null;
  published: string[];
  /** published and not let in */
  missing: string[];
  /** the part of `missing` that a rule of the list turns away */
  denied: string[];
}

export interface AllowListCheck {
  file: string;
  /** parameter of main.cf; null where the file is the list */
  name: string | null;
  form: AllowListForm;
  entries: number;
  /** nothing of a needed region is missing; null where no region is known to be needed */
  covers_needed: boolean | null;
  regions: RegionCoverage[];
}

/** A client of HES that an MTA met, as its log or a mail's header says. */
export interface SeenAddress {
  address: string;
  name: string | null;
  /** MTAs that met it */
  mtas: string[];
  events: number;
  first_at: string;
  last_at: string;
  /** in a range that Trend publishes */
  published: boolean;
  /** in HES_NETWORKS of the configuration */
  configured: boolean;
  /** allow-lists that do not let it in */
  missing_in: string[];
}

/** One answer that clients of HES got instead of a 250. */
export interface Refusal {
  /** `mta`: the log of the MTA that refused; `hes`: the mail tracking. Both may tell of the same attempt, so they are not to be added */
  told_by: 'mta' | 'hes';
  mta: string | null;
  kind: RefusalKind;
  /** without what varies from mail to mail */
  reply: string;
  refusals: number;
  addresses: string[];
  first_at: string;
  last_at: string;
  /** journeys that HES held because of it first, and how long all of them together */
  journeys: number;
  waiting_ms: number;
}

export type Severity = 'ok' | 'note' | 'warning' | 'problem' | 'unknown';

export interface Finding {
  check: 'mx' | 'allow_list' | 'seen_addresses' | 'refusals';
  severity: Severity;
  finding: string;
  /** what to do; null when there is nothing to do */
  advice: string | null;
}

/** What `doctor` answers: steps 1 and 2 of the KB "Troubleshooting email delays after redirecting mail traffic to HES". */
export interface Diagnosis {
  domain: string;
  checked_at: string;
  /** name server that was asked; null: the system's */
  resolver: string | null;
  /** of what the logs were asked for; null: no bound */
  from: string | null;
  to: string | null;
  /** days of the data that the checks rest on */
  data_as_of: { mail_exchangers: string; networks: string };
  /** no finding is a warning or a problem; null when something could not be found out */
  ok: boolean | null;
  findings: Finding[];
  mx: MxCheck;
  allow_lists: AllowListCheck[];
  allow_list_problems: AllowListProblem[];
  /** null without a store */
  seen_addresses: SeenAddress[] | null;
  /** null without a store */
  refusals: Refusal[] | null;
}
