import type { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { AddressStatus } from './mx-records';

export interface LookupFailure {
  readonly status: Exclude<AddressStatus, 'found' | 'not_asked'>;
  /** what happened, for people */
  readonly problem: string;
}

const FAILURES: Readonly<Record<string, LookupFailure>> = {
  ENOTFOUND: { status: 'nxdomain', problem: 'the name does not exist (NXDOMAIN)' },
  ENODATA: { status: 'none', problem: 'the name has no such record' },
  ESERVFAIL: { status: 'servfail', problem: 'the name server answers SERVFAIL' },
  EREFUSED: { status: 'refused', problem: 'the name server refuses the question (REFUSED)' },
  ETIMEOUT: { status: 'timeout', problem: 'the name server does not answer in time' },
  ECONNREFUSED: { status: 'unreachable', problem: 'no name server can be reached' },
};

/** What a failed look-up says; the codes are those of node:dns, which takes them from c-ares. */
export function failureOf(error: unknown): LookupFailure {
  const code = String((error as { code?: unknown } | null)?.code ?? '');
  return FAILURES[code] ?? { status: 'failed', problem: `the look-up failed (${code || String(error)})` };
}

/** The addresses of a host, IPv4 first. `found` with one, else why there is none: a failure outweighs "no such record", since it hides what there is. */
export async function exchangerAddresses(
  host: string,
  resolver: Resolver,
): Promise<{ addresses: string[]; status: AddressStatus }> {
  // An MX must name a host (RFC 5321 §5.1); an address in its place is asked for as a name, and does not exist.
  if (isIP(host)) return { addresses: [], status: 'nxdomain' };
  const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value.sort() : []));
  if (addresses.length > 0) return { addresses, status: 'found' };
  const failures = answers.map((answer) =>
    answer.status === 'rejected' ? failureOf(answer.reason) : FAILURES.ENODATA,
  );
  const worst = failures.find(({ status }) => status !== 'none') ?? failures[0];
  return { addresses, status: worst.status };
}
