import { type EventDraft, type EventSink, TEXT } from './event-draft';
import type { Pseudonyms } from './pseudonyms';
import { TEXT_COLUMNS } from './trace-event';

const AT = 0x40;
const ADDRESSES = [TEXT.sender, TEXT.recipient, TEXT.originalRecipient] as const;
const OTHERS = TEXT_COLUMNS.map((_, column) => column).filter(
  (column) => !(ADDRESSES as readonly number[]).includes(column) && column !== TEXT.messageId,
);

/**
 * The door of a store with pseudonyms: no event passes it with a local part, in whatever column. Before the first event that a sink takes, its
 * draft is changed in place.
 */
export class PseudonymisingSink implements EventSink {
  readonly draft: EventDraft;

  constructor(
    private readonly sink: EventSink,
    private readonly pseudonyms: Pseudonyms,
  ) {
    this.draft = sink.draft;
  }

  emit(): void {
    const { draft, pseudonyms } = this;
    const own: string[] = [];
    for (const column of ADDRESSES) {
      const address = this.text(column);
      if (address === '') continue;
      own.push(address);
      this.put(column, pseudonyms.ofAddress(address));
    }
    const messageId = this.text(TEXT.messageId);
    if (messageId !== '') this.put(TEXT.messageId, pseudonyms.ofMessageId(messageId));
    for (const column of OTHERS) {
      // A reply may name a mailbox without its domain; all else only where there is an address in it.
      if (draft.to[column] <= draft.from[column]) continue;
      if (column === TEXT.smtpReply || hasAt(draft, column))
        this.put(column, pseudonyms.inText(this.text(column), own));
    }
    this.sink.emit();
  }

  private text(column: number): string {
    const { buffer, from, to } = this.draft;
    if (to[column] <= from[column]) return '';
    const bytes = buffer[column];
    return Buffer.from(bytes.buffer, bytes.byteOffset + from[column], to[column] - from[column]).toString('utf8');
  }

  private put(column: number, text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    this.draft.bytes(column, bytes, 0, bytes.length);
  }
}

function hasAt(draft: EventDraft, column: number): boolean {
  const bytes = draft.buffer[column];
  const end = draft.to[column];
  for (let at = draft.from[column]; at < end; at++) if (bytes[at] === AT) return true;
  return false;
}
