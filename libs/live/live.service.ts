import { mkdirSync, statSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { shownInputId } from '../ingest/input-id';
import { errorCode } from '../sources/readers/input-problem';
import type { WriteTurn } from '../store/write-turn';
import { LiveIngest } from './live-ingest';
import type { LiveTarget } from './live-target';
import { LIVE_TIMING, type LiveOptions, type LiveTiming } from './live-options';
import type { LiveStatus, WatchedFileStatus } from './live-status';
import { SPOOL_LIMITS, SyslogSpool, spoolFile, spoolFolder } from './syslog-spool';
import { TcpSyslog, UdpSyslog } from './syslog-listener';
import { WakeUps } from './wake-ups';
import type { Place } from './checkpoint';
import type { WatchedInput } from './watched-input';
import { OWN_FOLDER } from '../store/own-folder';

const LOOPBACK = '127.0.0.1';
/** A port that the system gives for UDP may be taken for TCP, as by any connection: then another one is asked for, so often. */
const MOST_PORTS = 10;

/** Live input: watched folders and the syslog listener, into its target. */
@Injectable()
export class LiveService {
  private live: LiveIngest | undefined;
  private wakeUps: WakeUps | undefined;
  private listeners: readonly (UdpSyslog | TcpSyslog)[] = [];
  private watch: readonly string[] = [];

  constructor(
    private readonly target: LiveTarget,
    private readonly turn: WriteTurn,
    private readonly timing: LiveTiming = LIVE_TIMING,
  ) {}

  /**
   * Begins to take in what the options name, where the last run left off. Resolves when it listens; reading goes on until {@link stop}.
   * @throws Error that names the port where it cannot be listened on; nothing runs then
   */
  async start(options: LiveOptions): Promise<void> {
    if (this.live) throw new Error('live input runs already');
    const note = options.onNote ?? (() => undefined);
    const { target, turn, timing } = this;
    this.watch = [...(options.watch ?? [])];
    // Also without a listener: an earlier run may have left there what it received.
    const spooled = spoolFolder(target.folder);
    mkdirSync(spooled, OWN_FOLDER);
    const targets = [...this.watch, spooled];
    const live = new LiveIngest(target, {
      targets,
      turn,
      timing,
      note,
      options: options.ingest ?? {},
      ownFile: (path) => spoolFile(target.folder, path),
    });
    this.live = live;
    try {
      if (options.syslogPort !== undefined) await this.listen(live, options.syslogHost ?? LOOPBACK, options.syslogPort);
      await live.start();
      this.wakeUps = new WakeUps();
      await this.wakeUps.start(this.watch, (path) => live.wake(path), note);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Takes nothing more, finishes what is under way, and saves it. */
  async stop(): Promise<void> {
    const { live } = this;
    for (const listener of this.listeners) await listener.stop();
    await this.wakeUps?.stop();
    await live?.stop();
    this.listeners = [];
    this.wakeUps = this.live = undefined;
  }

  /** What is read, how far, and what hinders it. */
  status(): LiveStatus {
    const { live } = this;
    const files = live ? filesOf(live) : [];
    return {
      running: live !== undefined,
      watch: [...this.watch],
      files,
      lag: files.reduce((sum, { lag }) => sum + (lag ?? 0), 0),
      correlations: live ? { ...live.correlations } : { count: 0, lastMs: null, lastAt: null, running: false },
      syslog: this.listeners.flatMap(({ status }) => (status ? [{ ...status }] : [])),
      lastError: live?.failure ?? null,
    };
  }

  private async listen(live: LiveIngest, host: string, port: number): Promise<void> {
    const isRead = (path: string, size: number): boolean =>
      [...live.known.all].some(({ checkpoint }) => checkpoint.path === path && checkpoint.position >= size);
    const spoolFor = (name: string): SyslogSpool =>
      new SyslogSpool(
        this.target.folder,
        name,
        isRead,
        (path) => live.wake(path),
        SPOOL_LIMITS,
        this.target.pseudonyms,
      );
    for (let left = MOST_PORTS; ; left--) {
      const udp = new UdpSyslog();
      const tcp = new TcpSyslog();
      this.listeners = [udp, tcp];
      try {
        const bound = await udp.start(host, port, spoolFor);
        await tcp.start(host, bound, spoolFor);
        return;
      } catch (error) {
        if (port === 0 && errorCode(error) === 'EADDRINUSE' && left > 1) {
          await udp.stop();
          continue;
        }
        throw new Error(
          `syslog cannot be taken at ${host}:${port} (${errorCode(error)}): choose another port, above 1024 without root`,
          { cause: error },
        );
      }
    }
  }
}

function filesOf(live: LiveIngest): WatchedFileStatus[] {
  const { known, files } = live;
  const inputs = [...known.all].map((input) =>
    inputStatus(input, live.isForgotten(input), files.failures.get(input.checkpoint.path)),
  );
  const read = new Set([...known.all].filter(({ attached }) => attached).map(({ checkpoint }) => checkpoint.path));
  const others = [...files.sightings.values()]
    .filter(({ place, waiting }) => !read.has(place.path) && waiting !== 'forgotten')
    .map(({ place, waiting, problem }) =>
      unreadStatus(place.path, waiting ?? 'settling', place.size, problem ?? files.failures.get(place.path)),
    );
  const failing = [...files.failures]
    .filter(([path]) => !read.has(path) && !files.sightings.has(path))
    .map(([path, problem]) => unreadStatus(path, 'unreadable', null, problem));
  return [...inputs, ...others, ...failing].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

function inputStatus(input: WatchedInput, forgotten: boolean, failure: string | undefined): WatchedFileStatus {
  const { checkpoint, attached, books } = input;
  const { records, parsed, skipped, rejected, events, lastEventMs } = books;
  const followed = checkpoint.manner === 'followed';
  const present = followed && !checkpoint.packed ? 'following' : 'read';
  // While a round is held up, nobody else looks how the files grow. Of one that was truncated, what lies there now is another input.
  const size = checkpoint.size + (attached && present === 'following' ? grownSince(checkpoint) : 0);
  return {
    path: checkpoint.path,
    name: input.name ?? checkpoint.path,
    inputId: shownInputId(checkpoint.inputId),
    state: forgotten ? 'forgotten' : attached ? present : 'gone',
    format: checkpoint.format,
    size,
    offset: followed ? checkpoint.position : null,
    lag: input.lagAt(size),
    records,
    parsed,
    skipped,
    rejected,
    events,
    lastError: failure ?? input.problem ?? null,
    warning: input.zones.warning() ?? null,
    lastEventAt: lastEventMs < 0 ? null : lastEventMs,
    lastReadAt: input.readAt === 0 ? null : input.readAt,
  };
}

/** Bytes that a followed file has more than when it was looked at last; 0 where another one lies at its path. */
function grownSince({ path, device, inode, size }: Place): number {
  try {
    const now = statSync(path, { bigint: true });
    const isSame = String(now.dev) === device && String(now.ino) === inode;
    return isSame ? Math.max(0, Number(now.size) - size) : 0;
  } catch {
    return 0;
  }
}

function unreadStatus(
  path: string,
  state: WatchedFileStatus['state'],
  size: number | null,
  problem: string | undefined,
): WatchedFileStatus {
  return {
    path,
    name: path,
    inputId: null,
    state,
    format: null,
    size,
    offset: null,
    lag: state === 'settling' ? size : null,
    records: 0,
    parsed: 0,
    skipped: 0,
    rejected: 0,
    events: 0,
    lastError: problem ?? null,
    warning: null,
    lastEventAt: null,
    lastReadAt: null,
  };
}
