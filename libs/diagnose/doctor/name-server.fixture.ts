import { createSocket, type Socket } from 'node:dgram';
import { createServer, type AddressInfo, type Server } from 'node:net';
import * as dnsPacket from 'dns-packet';

/** What a name does: its records, an error code, no answer at all, or an answer too long for UDP. */
export interface ZoneEntry {
  readonly mx?: readonly (readonly [number, string])[];
  readonly a?: readonly string[];
  readonly aaaa?: readonly string[];
  readonly rcode?: 'SERVFAIL' | 'REFUSED';
  readonly silent?: boolean;
  readonly onlyOverTcp?: boolean;
}

const RCODES = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const;

/** An authoritative name server on a free loopback port, UDP and TCP (RFC 1035): what its zone does not hold does not exist. */
export class NameServer {
  /** questions as they came: `MX corp.example` */
  readonly questions: string[] = [];

  private constructor(
    private readonly zone: Readonly<Record<string, ZoneEntry>>,
    private readonly udp: Socket,
    private readonly tcp: Server,
  ) {}

  static async open(zone: Readonly<Record<string, ZoneEntry>>): Promise<NameServer> {
    const tcp = createServer();
    await new Promise<void>((done) => tcp.listen(0, '127.0.0.1', done));
    const udp = createSocket('udp4');
    const { port } = tcp.address() as AddressInfo;
    await new Promise<void>((done) => udp.bind(port, '127.0.0.1', done));
    const server = new NameServer(zone, udp, tcp);
    udp.on('message', (bytes, { port: to, address }) => {
      const answer = server.answer(bytes, false);
      if (answer) udp.send(dnsPacket.encode(answer), to, address);
    });
    tcp.on('connection', (socket) => {
      // A question fits into one segment here: the client sends its length and the question together.
      socket.on('data', (bytes) => {
        const answer = server.answer(bytes.subarray(2), true);
        if (answer) socket.end(dnsPacket.streamEncode(answer));
      });
    });
    return server;
  }

  /** ADDRESS:PORT */
  get address(): string {
    return `127.0.0.1:${this.udp.address().port}`;
  }

  async close(): Promise<void> {
    this.udp.close();
    await new Promise((done) => this.tcp.close(done));
  }

  private answer(bytes: Buffer, overTcp: boolean): dnsPacket.Packet | undefined {
    const { id, questions: [question] = [] } = dnsPacket.decode(bytes);
    const name = question.name.toLowerCase();
    if (!overTcp) this.questions.push(`${question.type} ${name}`);
    const entry = this.zone[name];
    if (entry?.silent) return undefined;
    const rcode = entry === undefined ? 'NXDOMAIN' : (entry.rcode ?? 'NOERROR');
    const truncated = entry?.onlyOverTcp === true && !overTcp;
    const answers = entry && !truncated ? answersOf(name, question.type, entry) : [];
    const flags =
      dnsPacket.AUTHORITATIVE_ANSWER |
      dnsPacket.RECURSION_AVAILABLE |
      (truncated ? dnsPacket.TRUNCATED_RESPONSE : 0) |
      RCODES[rcode];
    return { type: 'response', id, flags, questions: [question], answers };
  }
}

function answersOf(name: string, type: string, entry: ZoneEntry): dnsPacket.Answer[] {
  const ttl = 60;
  if (type === 'MX') {
    return (entry.mx ?? []).map(([preference, exchange]) => ({
      type: 'MX',
      name,
      ttl,
      data: { preference, exchange },
    }));
  }
  if (type === 'A') return (entry.a ?? []).map((data) => ({ type: 'A', name, ttl, data }));
  if (type === 'AAAA') return (entry.aaaa ?? []).map((data) => ({ type: 'AAAA', name, ttl, data }));
  return [];
}
