import { createHmac } from 'node:crypto';
import { RecentlyUsed } from './recently-used';

/** `p-` and 80 bits of HMAC-SHA-256 in hexadecimal. */
const PSEUDONYM = /^p-[0-9a-f]{20}$/;
const DIGITS = 20;
/** Addresses whose pseudonyms are remembered; at some 300 bytes each. */
const REMEMBERED = 50_000;
/** A Message-ID comes a few times within a short while, and never again. */
const REMEMBERED_IDS = 2000;

/** Names of log fields that stand before an address with `=` between: no part of it, unlike that of a VERP address. */
const FIELDS =
  '(?:orig_to|to|from|rcpt|recipient|sender|suser|duser|ctladdr|sasl_username|sasl_sender|user|message-id|resent-message-id|msgid|return-path|mailfrom|f|t|p|id|id\\d*)=';
/** Where an address may begin and what its local part may be made of (RFC 5322 atext and dots, a quoted string, RFC 6531 letters). */
const ADDRESS = new RegExp(
  `(^|[\\s<>()\\[\\]{},;:"'\\\\|])(${FIELDS})?(["'<]{0,8})("(?:[^"\\\\\\r\\n]|\\\\.){1,200}"|[^\\s<>()\\[\\]{},;:"\\\\|]{1,320})(@|%40)([A-Za-z0-9.\\-\\u0080-\\uffff]*)`,
  'gi',
);
/** `to=<jane>`: an address without domain, as MTAs log users of their own host. */
const BARE = /\b(orig_to|to|from|ctladdr|sasl_username|sasl_sender|user)=(<?)([^\s<>@,;()="]{1,320})(?=[>,;\s]|$)/gi;

/**
 * Replaces local parts of addresses by keyed hashes: the first 80 bits of HMAC-SHA-256 (RFC 2104) over the local part, the domain kept. The same
 * local part has the same pseudonym wherever it stands, with a domain or, as MTAs log users of their own host, without. Without the key nobody
 * can compute one from an address. A pseudonym stays as it is, so doing it twice changes nothing.
 */
export class Pseudonyms {
  /** tells keys apart, and says nothing else of the key */
  readonly fingerprint: string;
  private readonly known = new RecentlyUsed<string, string>(REMEMBERED);
  private readonly knownIds = new RecentlyUsed<string, string>(REMEMBERED_IDS);

  constructor(private readonly key: string) {
    this.fingerprint = this.hash('\0fingerprint of the key');
  }

  /** `p-…@domain` of an address, `p-…` of a local part alone; '' and the null reverse-path `<>` stay. The part before the last `@` is the local part. */
  ofAddress(address: string): string {
    const known = this.known.get(address);
    if (known !== undefined) return known;
    const pseudonym = this.computed(address);
    this.known.set(address, pseudonym);
    return pseudonym;
  }

  /** The same of a Message-ID, which is made of an address often enough: id-left is replaced (RFC 5322 §3.6.4). An id without `@` stays. */
  ofMessageId(messageId: string): string {
    if (!messageId.includes('@')) return messageId;
    const known = this.knownIds.get(messageId);
    if (known !== undefined) return known;
    const pseudonym = this.computed(messageId.replace(/\s+/g, ''));
    this.knownIds.set(messageId, pseudonym);
    return pseudonym;
  }

  /**
   * A text in which addresses stand: each local part is replaced, also where it stands alone elsewhere in the text (`unknown user: "jane"`).
   * @param own addresses that the text is known to be about, as they are without pseudonyms
   */
  inText(text: string, own: readonly string[] = []): string {
    const words = new Map<string, string>();
    const learn = (local: string, pseudonym: string): void => {
      if (!PSEUDONYM.test(local)) words.set(lower(local), localOf(pseudonym));
    };
    // Most replies name nobody, and are looked at once per event.
    const lowered = text.toLowerCase();
    for (const address of own) {
      const local = localOf(address);
      if (address !== '<>' && local !== '' && lowered.includes(local.toLowerCase()))
        learn(local, this.ofAddress(address));
    }
    const replaced = this.inLine(text, learn);
    if (words.size === 0) return replaced;
    return replaced.replace(/[^\s<>()[\]{},;:"'\\|@=/]+/g, (word) => {
      const bare = word.replace(/(?<!\.)\.+$/, '');
      const pseudonym = words.get(lower(bare));
      // A reply code is none, whoever has it as a name.
      return pseudonym === undefined || /^[\d.]+$/.test(bare) ? word : pseudonym + word.slice(bare.length);
    });
  }

  /** A line that will be parsed: only what is an address by its form is replaced, so that the line keeps its meaning. */
  inLine(text: string, learn: (local: string, pseudonym: string) => void = () => undefined): string {
    const full = text.includes('@') || text.includes('%40') ? this.replaceAddresses(text, learn) : text;
    if (!full.includes('=')) return full;
    return full.replace(BARE, (_all, field: string, open: string, local: string) => {
      const pseudonym = this.ofAddress(local);
      learn(local, pseudonym);
      return `${field}=${open}${pseudonym}`;
    });
  }

  private replaceAddresses(text: string, learn: (local: string, pseudonym: string) => void): string {
    return text.replace(
      ADDRESS,
      (_all, before: string, field: string | undefined, open: string, local: string, at: string, domain: string) => {
        const dots = /(?<!\.)\.*$/.exec(domain)?.[0] ?? '';
        const pseudonym = this.ofAddress(`${decoded(local, at)}@${domain.slice(0, domain.length - dots.length)}`);
        learn(local, pseudonym);
        return `${before}${field ?? ''}${open}${localOf(pseudonym)}${at}${domain}`;
      },
    );
  }

  private computed(address: string): string {
    if (address === '' || address === '<>') return address;
    const at = address.lastIndexOf('@');
    const local = at < 0 ? address : address.slice(0, at);
    const domain = at < 0 ? '' : address.slice(at);
    if (PSEUDONYM.test(local)) return address;
    return `p-${this.hash(lower(local))}${domain}`;
  }

  private hash(text: string): string {
    return createHmac('sha256', this.key).update(text, 'utf8').digest('hex').slice(0, DIGITS);
  }
}

/** As the store does it: ASCII letters only. */
const lower = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

const localOf = (address: string): string => {
  const at = address.lastIndexOf('@');
  return at < 0 ? address : address.slice(0, at);
};

function decoded(local: string, at: string): string {
  if (at !== '%40') return local;
  try {
    return decodeURIComponent(local);
  } catch {
    return local;
  }
}
