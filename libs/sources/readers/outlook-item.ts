import { Reader } from '@kenjiuno/msgreader/lib/Reader';

/** An item of Outlook (MSG) is a compound file of OLE. Source: [MS-OXMSG], [MS-CFB]. */
const MAGIC = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/** PR_TRANSPORT_MESSAGE_HEADERS ([MS-OXOMSG] 2.2.1.61), as Unicode and as 8-bit text. */
const HEADERS_UNICODE = '__substg1.0_007D001F';
const HEADERS_8_BIT = '__substg1.0_007D001E';
const SECTOR = 512;
const HEADER_COUNTS = [0x2c, 0x40, 0x48];
/** Real header blocks have a few KiB. */
const LARGEST_HEADERS = 1024 * 1024;

/** Up to so many bytes an item is read, attachments included: it has to be held in memory. */
export const LARGEST_OUTLOOK_ITEM = 64 * 1024 * 1024;

/** What is wrong with an item, and what to do. */
export interface OutlookProblem {
  readonly reason: string;
  readonly advice: string;
}

const BROKEN: OutlookProblem = {
  reason: 'Outlook item that is broken',
  advice: 'save the message again, or save it as EML',
};
const WITHOUT_HEADERS: OutlookProblem = {
  reason:
    'Outlook item without internet headers: it was not received by SMTP (a draft, a sent mail, or no mail at all)',
  advice: 'save the message as the recipient has it',
};

/** Whether the first bytes of a file are those of a compound file, as Outlook's MSG is. */
export function isOutlookItem(start: Uint8Array): boolean {
  return MAGIC.every((byte, at) => start[at] === byte);
}

/** The header that a received message had, as UTF-8 text: what an EML of it begins with. Never throws, and ends for any bytes. */
export function outlookHeaders(bytes: Uint8Array): Buffer | OutlookProblem {
  try {
    return headersOf(bytes) ?? WITHOUT_HEADERS;
  } catch {
    return BROKEN;
  }
}

/** What of the library's reader is bounded here: it follows chains of sectors, and trees of entries, without looking whether they end. */
interface Chains {
  getNextBlockInner(this: unknown, offset: number, table: number[]): number;
  createPropertyHierarchy(entries: Entry[], root: Entry | undefined): void;
}

interface Entry {
  readonly name: string;
  readonly previousProperty: number;
  readonly nextProperty: number;
  readonly childProperty: number;
  children?: number[];
}

function headersOf(bytes: Uint8Array): Buffer | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sectors = bytes.length / SECTOR;
  if (HEADER_COUNTS.some((at) => view.getUint32(at, true) > sectors)) throw new Error('more sectors than bytes');
  const reader = new Reader(view);
  bound(reader as unknown as Chains, bytes.length);
  if (!reader.isMSGFile()) return undefined;
  reader.parse();
  for (const file of reader.rootFolder().fileNameSets()) {
    if (file.name !== HEADERS_UNICODE && file.name !== HEADERS_8_BIT) continue;
    if (file.length > Math.min(LARGEST_HEADERS, bytes.length)) throw new Error('headers too large');
    const text = Buffer.from(file.provider());
    return file.name === HEADERS_UNICODE ? Buffer.from(text.toString('utf16le'), 'utf8') : text;
  }
  return undefined;
}

/** All chains that are followed have together no more links than twice the sectors of the file; of the tree only the root's children are wanted. */
function bound(reader: Chains, size: number): void {
  let left = (2 * size) / SECTOR + 5000;
  const next = reader.getNextBlockInner;
  reader.getNextBlockInner = function (offset, table) {
    if (left-- < 0) throw new Error('a chain of sectors that does not end');
    return next.call(this, offset, table);
  };
  reader.createPropertyHierarchy = (entries, root) => {
    if (!root) throw new Error('no entries');
    const children = new Set<number>();
    const waiting = [root.childProperty];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const entry = entries[at];
      if (!entry || children.has(at)) continue;
      children.add(at);
      waiting.push(entry.previousProperty, entry.nextProperty);
    }
    root.children = [...children];
  };
}
