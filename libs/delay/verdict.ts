import { countText, durationText, UNKNOWN } from './duration-text';
import { type Hop, type Journey, type JourneyEvent } from './journey';

/** A verdict in words: what happened, and what to do about it. */
export interface Explanation {
  /** step of the KB "Troubleshooting email delays after redirecting mail traffic to HES" that answers (delay model §1); null where none does */
  kb_step: number | null;
  finding: string;
  /** what to do; null when there is nothing to do */
  advice: string | null;
}

type Subject = Pick<
  Journey,
  | 'state'
  | 'via_hes'
  | 'verdict'
  | 'hes_ms'
  | 'hes_processing_ms'
  | 'hes_waiting_ms'
  | 'hes_released_at'
  | 'downstream_ms'
> &
  Pick<Journey, 'upstream_ms' | 'total_ms'>;

/** Explains the verdict of a journey by the KB's decision tree (delay model §3), with the replies that prove it. */
export function explainVerdict(journey: Subject, hops: readonly Hop[], events: readonly JourneyEvent[]): Explanation {
  const { verdict } = journey;
  if (verdict === null) return undecided(journey);
  if (verdict === 'none') {
    return {
      kb_step: 4,
      finding: `Not late: HES held it ${durationText(journey.hes_ms)}, the hops after HES took ${durationText(journey.downstream_ms)}.`,
      advice: null,
    };
  }
  if (verdict === 'not_via_hes') {
    return {
      kb_step: 3,
      finding: 'This mail did not pass HES.',
      advice:
        'Check that the MX records of the recipient domain name the HES inbound MTAs only, and that no sender delivers past them.',
    };
  }
  if (verdict === 'hes_processing') {
    return {
      kb_step: 4,
      finding: `HES itself held the mail ${durationText(journey.hes_processing_ms)} (scanning, sandbox, policy or quarantine).`,
      advice:
        'Save the message as MSG or EML and open a case with Trend Micro, naming its Message-ID and the two HES times.',
    };
  }
  if (verdict === 'hes_waiting_on_downstream') return waiting(journey, hops, events);
  if (verdict === 'upstream') {
    return {
      kb_step: null,
      finding: `The mail was late before it reached HES: ${durationText(journey.upstream_ms)} on the sender's side.`,
      advice: "Ask the sender's postmaster; neither HES nor the hops after it caused this delay.",
    };
  }
  return downstream(verdict.replace(/^downstream:/, ''), journey, hops, events);
}

function waiting(journey: Subject, hops: readonly Hop[], events: readonly JourneyEvent[]): Explanation {
  const refusal = events.find(
    (event) =>
      (event.kind === 'deferred' || event.kind === 'rejected') &&
      event.smtp_reply !== null &&
      (journey.hes_released_at === null || event.event_time <= journey.hes_released_at),
  );
  const first = hops.find((hop) => hop.segment === 'downstream');
  const mta = first?.mta ?? 'the next MTA';
  const reply = refusal ? `: ${quote(refusal.smtp_reply as string)}` : '';
  return {
    kb_step: 2,
    finding: `HES was ready after ${durationText(journey.hes_processing_ms)} and then waited ${durationText(journey.hes_waiting_ms)}, because ${mta} refused or deferred the mail${reply}.`,
    advice: `Let ${mta} accept the HES address ranges at once: exempt them from greylisting, rate limits and block lists.`,
  };
}

const PARTS: Readonly<Record<keyof NonNullable<Hop['parts_ms']>, readonly [what: string, advice: string]>> = {
  before_queue: [
    'before its queue manager',
    'look at its content filters and milters, and at mail that was put on hold',
  ],
  in_queue: ['in its queue', 'look at its queue length and its delivery concurrency'],
  connect: ['while it connected to the next host', 'look at DNS, the network and how fast the next host greets'],
  transmit: ['while it handed the mail over', 'look at how fast the next host takes DATA and scans'],
};

function downstream(mta: string, journey: Subject, hops: readonly Hop[], events: readonly JourneyEvent[]): Explanation {
  const own = hops.filter((hop) => hop.mta === mta && hop.segment === 'downstream');
  const hop = own.reduce<Hop | undefined>(
    (worst, next) => ((next.dwell_ms ?? -1) > (worst?.dwell_ms ?? -1) ? next : worst),
    undefined,
  );
  const gap = longestGap(hops);
  if (gap && gap.transfer_ms > (hop?.dwell_ms ?? 0)) {
    return {
      kb_step: 5,
      finding: `After HES the mail took ${durationText(journey.downstream_ms)}, of which ${durationText(gap.transfer_ms)} passed before ${gap.mta ?? 'the next MTA'} took it and stand in no log.`,
      advice: `Ingest the log of what hands mail to ${gap.mta ?? 'that MTA'}, and compare the clocks of the hosts.`,
    };
  }
  const { where, look } = hop?.deferrals ? afterDeferrals(hop, events) : inItsPart(hop);
  return {
    kb_step: 5,
    finding: `After HES the mail took ${durationText(journey.downstream_ms)}, and ${mta} alone held it ${durationText(hop?.dwell_ms)}${where}.`,
    advice: `HES did its part in ${durationText(journey.hes_ms)}. At ${mta}: ${look}.`,
  };
}

/** After a deferral Postfix's `delays=a` holds all earlier attempts, so its parts say nothing about the cause; the reply does. */
function afterDeferrals(hop: Hop, events: readonly JourneyEvent[]): { where: string; look: string } {
  const replies = events.filter(
    ({ kind, mta, queue_id }) => kind === 'deferred' && mta === hop.mta && queue_id === hop.queue_id,
  );
  const last = replies.findLast(({ smtp_reply }) => smtp_reply !== null)?.smtp_reply;
  const times = `${countText(hop.deferrals ?? 0)} deferral${hop.deferrals === 1 ? '' : 's'}`;
  return {
    where: ` after ${times}${last ? `, the last because of ${quote(last)}` : ''}`,
    look: `look at what ${hop.next_mta ?? 'the next host'} objected to, and at how long this MTA waits before it tries again`,
  };
}

function inItsPart(hop: Hop | undefined): { where: string; look: string } {
  const parts = Object.entries(hop?.parts_ms ?? {}) as [keyof typeof PARTS, number | null][];
  const worst = parts.reduce<[keyof typeof PARTS, number] | undefined>(
    (most, [part, ms]) => (ms !== null && ms > (most?.[1] ?? 0) ? [part, ms] : most),
    undefined,
  );
  if (!worst) return { where: '', look: 'look at its queue and its log around these times' };
  return { where: `, ${durationText(worst[1])} of it ${PARTS[worst[0]][0]}`, look: PARTS[worst[0]][1] };
}

/** The longest time that passed between two hops: near 0 unless a log is missing or a clock is wrong (delay model §2, transfer). */
function longestGap(hops: readonly Hop[]): { mta: string | null; transfer_ms: number } | undefined {
  return hops
    .flatMap(({ segment, mta, transfer_ms }) =>
      segment === 'downstream' && transfer_ms !== null ? [{ mta, transfer_ms }] : [],
    )
    .sort((a, b) => b.transfer_ms - a.transfer_ms)[0];
}

function undecided(journey: Subject): Explanation {
  const why: Readonly<Record<string, string>> = {
    in_flight: 'The mail is still on its way, as far as the logs go',
    bounced: 'The mail was returned to its sender',
    rejected: 'The mail was refused',
    expired: 'The mail expired in a queue',
    quarantined: 'The mail is in quarantine',
    deleted: 'The mail was deleted',
  };
  const state = why[journey.state ?? ''];
  if (state) return { kb_step: null, finding: `${state}, so there is no verdict on its delay.`, advice: null };
  const missing = [
    journey.via_hes !== 'yes' ? 'whether it passed HES' : '',
    journey.hes_ms === null ? 'how long HES held it' : '',
    journey.downstream_ms === null ? 'how long the hops after HES took' : '',
  ].filter(Boolean);
  return {
    kb_step: null,
    finding: `Not decided: the logs do not say ${missing.join(', nor ') || UNKNOWN}.`,
    advice: 'Ingest the HES tracking export and the logs of the MTAs after HES for this time.',
  };
}

const quote = (reply: string): string => `"${reply.length > 160 ? `${reply.slice(0, 159)}…` : reply}"`;

/** A verdict in a few words, for tables. */
export function verdictText(verdict: string | null): string {
  if (verdict === null) return UNKNOWN;
  const words: Readonly<Record<string, string>> = {
    none: 'not late',
    hes_processing: 'HES itself',
    hes_waiting_on_downstream: 'HES waited for the next MTA',
    upstream: 'late before HES',
    not_via_hes: 'did not pass HES',
  };
  return words[verdict] ?? verdict.replace(/^downstream:/, 'slow at ');
}
