import { readFileSync } from 'node:fs';
import { Kafka, logLevel, type LogEntry, type SASLOptions } from 'kafkajs';
import RequestQueue from 'kafkajs/src/network/requestQueue';
import type { KafkaBusUrl } from '../config/bus-url';

/** Takes one sentence about the bus for whoever runs the program; no mail data. */
export type Note = (sentence: string) => void;

/** Who the program is to the brokers; from the environment, never printed. */
export interface BusCredentials {
  readonly username: string;
  readonly password: string;
}

/** What a configuration or a cluster must have and has not: each sentence says what to do. */
export class BusSetupError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'BusSetupError';
  }
}

const CONNECT_MS = 5000;
const REQUEST_MS = 30_000;
/** The same sentence is not noted again within so many ms. */
const NOTE_AGAIN_MS = 30_000;
/** Every client of a group meets these when a broker or a member starts; kafkajs tries again by itself. */
const USUAL =
  /coordinator is loading|coordinator is not available|group is rebalancing|Limiting retries|not the correct coordinator/i;

/**
 * kafkajs 2.2.4 looks on each connection once a millisecond whether requests wait that it held back, also where none ever was: some hundredths of a core for
 * each process. Here it looks while there are any.
 */
const { scheduleCheckPendingRequests } = RequestQueue.prototype;
RequestQueue.prototype.scheduleCheckPendingRequests = function scheduled() {
  if (this.pending.length > 0) scheduleCheckPendingRequests.call(this);
};

/** A kafkajs client of these brokers. @throws BusSetupError where the URL names a file that cannot be read, or credentials are missing */
export function kafkaClient(url: KafkaBusUrl, credentials: BusCredentials, note: Note): Kafka {
  return new Kafka({
    clientId: 'hoptime',
    brokers: [...url.brokers],
    connectionTimeout: CONNECT_MS,
    requestTimeout: REQUEST_MS,
    enforceRequestTimeout: true,
    ssl: url.tls ? (url.tlsAuthority ? { ca: [authority(url.tlsAuthority)] } : true) : false,
    sasl: saslOptions(url, credentials),
    retry: { initialRetryTime: 200, retries: 5, maxRetryTime: 2000 },
    logLevel: logLevel.WARN,
    logCreator: () => noteOnce(note),
  });
}

function saslOptions({ sasl }: KafkaBusUrl, { username, password }: BusCredentials): SASLOptions | undefined {
  if (sasl === undefined) return undefined;
  if (username === '' || password === '')
    throw new BusSetupError(['BUS_URL asks for SASL: set BUS_USERNAME and BUS_PASSWORD in the environment']);
  return { mechanism: sasl, username, password } as SASLOptions;
}

function authority(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new BusSetupError([
      `BUS_URL: tls-ca=${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    ]);
  }
}

function noteOnce(note: Note): (entry: LogEntry) => void {
  const said = new Map<string, number>();
  return ({ namespace, log }) => {
    const detail = typeof log.error === 'string' ? log.error : '';
    const sentence = `kafka ${namespace.toLowerCase()}: ${log.message}${detail ? `: ${detail}` : ''}`;
    // A pause or a port in it makes no other sentence.
    const kind = sentence.replace(/\d+/g, '#');
    if (USUAL.test(sentence) || (said.get(kind) ?? -Infinity) > performance.now() - NOTE_AGAIN_MS) return;
    if (said.size > 100) said.clear();
    said.set(kind, performance.now());
    note(sentence);
  };
}

/** The broker's own word for an error (`UNKNOWN_MEMBER_ID`), through the wrappings of kafkajs; undefined for an error of another kind. */
export function kafkaErrorType(error: unknown): string | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++)
    if ('type' in at && typeof at.type === 'string') return at.type;
  return undefined;
}
