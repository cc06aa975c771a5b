import { ByteWindow } from './byte-window';
import { KEPT_OF_TOO_LONG, KIB, MIB, NONE } from './framer';
import { readTag, type Tag } from './xml-tag';

const LF = 10;
const LESS = 0x3c;
const EXCLAMATION = 0x21;
const QUESTION = 0x3f;
const LARGEST_ELEMENT = MIB;
const LONGEST_TAG = 64 * KIB;
const DEEPEST = 32;

/** Markup that is no tag: how it begins and ends. */
const SECTIONS = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
].map(([begin, end]) => ({ begin: Buffer.from(begin), end: Buffer.from(end) }));
/** So many bytes tell every kind of markup. */
const TELLING = 9;

/** What a step of the scan came to: it moved on, it needs more bytes, or it found a record. */
type Step = 'moved' | 'starved' | 'record';

/**
 * Finds the child elements of the root in XML bytes, by tags alone; it holds one child, 1 MiB at most. A broken child is given
 * up, to the next tag that could begin a sound one: the first of its own name directly inside it. A document type declaration ends
 * everything: it can define entities that blow up, and no export has one.
 */
export class ElementCutter {
  /** The record that `cut` found is bytes [from, to) of `bytes`, valid until the next call. */
  bytes: Buffer = NONE;
  from = 0;
  to = 0;
  /** physical line on which it begins */
  line = 0;
  problem: string | undefined;

  private readonly window = new ByteWindow();
  private ended = false;
  private refused = false;
  /** physical line of window.start */
  private lineNow = 1;
  /** names of the open elements; the first is the root, the second a child */
  private readonly open: string[] = [];
  /** open elements below the deepest that is known by name */
  private tooDeep = 0;
  /** how the section that the scan is in will end */
  private awaited: Buffer | undefined;
  /** in a child: where, from its beginning, the first tag of its own name directly inside stands */
  private sibling = -1;
  private broken: string | undefined;
  /** the beginning of a child that is too large to be held */
  private kept: Buffer | undefined;
  private content: 'none' | 'text' | 'elements' = 'none';

  push(chunk: Buffer): void {
    if (!this.refused) this.window.push(chunk);
  }

  end(): void {
    this.ended = true;
  }

  /** Finds the next record; false when it needs more bytes or there are no more. */
  cut(): boolean {
    const { window } = this;
    while (!this.refused) {
      const step = this.awaited ? this.section(this.awaited) : this.markup();
      if (step === 'record') return true;
      if (this.open.length < 2 || this.kept) {
        this.release(window.at);
      } else if (window.at - window.start > LARGEST_ELEMENT) {
        if (this.breakUp('element larger than 1 MiB')) return true;
        this.kept = Buffer.from(window.bytes.subarray(window.start, window.start + KEPT_OF_TOO_LONG));
      }
      if (step === 'starved') {
        if (window.more()) continue;
        if (this.ended) return this.atEnd();
        window.hold();
        return false;
      }
    }
    return false;
  }

  private section(end: Buffer): Step {
    const { window } = this;
    const found = window.bytes.subarray(0, window.end).indexOf(end, window.at);
    if (found < 0) {
      window.at = Math.max(window.at, window.end - end.length + 1);
      return 'starved';
    }
    window.at = found + end.length;
    this.awaited = undefined;
    return 'moved';
  }

  private markup(): Step {
    const { window } = this;
    const found = window.bytes.indexOf(LESS, window.at);
    const less = found < 0 ? window.end : Math.min(found, window.end);
    if (this.content === 'none' && window.bytes.toString('latin1', window.at, less).trim() !== '')
      this.content = 'text';
    window.at = less;
    if (window.end - less < TELLING && !this.ended) return 'starved';
    if (less === window.end) return 'starved';
    const second = window.bytes[less + 1];
    if (second === EXCLAMATION || second === QUESTION) {
      const section = SECTIONS.find(
        ({ begin }) => begin.compare(window.bytes, less, Math.min(window.end, less + begin.length)) === 0,
      );
      if (!section) return this.refuse();
      window.at += section.begin.length;
      this.awaited = section.end;
      return 'moved';
    }
    const tag = readTag(window.bytes, less, Math.min(window.end, less + LONGEST_TAG));
    if (typeof tag === 'object') return tag.closes ? this.close(tag.name, less, tag.end) : this.begin(tag, less);
    if (tag === 'cut off' && window.end - less < LONGEST_TAG) {
      if (!this.ended) return 'starved';
      window.at = window.end;
      return 'starved';
    }
    window.at = less + 1;
    return this.breakUp('not well-formed XML') ? 'record' : 'moved';
  }

  private begin(tag: Tag, less: number): Step {
    const { window, open } = this;
    this.content = 'elements';
    window.at = tag.end;
    if (open.length === 1) {
      this.release(less);
      this.line = this.lineNow;
      this.sibling = -1;
      this.broken = this.kept = undefined;
    } else if (open.length === 2 && tag.name === open[1]) {
      if (this.sibling < 0) this.sibling = less - window.start;
      if (this.broken !== undefined) {
        this.sibling = less - window.start;
        if (this.breakUp(this.broken)) return 'record';
      }
    }
    if (tag.empty) return open.length === 1 ? this.complete(tag.end, tag.end) : 'moved';
    if (open.length < DEEPEST) {
      open.push(tag.name);
      return 'moved';
    }
    this.tooDeep++;
    return this.breakUp(`nested deeper than ${DEEPEST}`) ? 'record' : 'moved';
  }

  private close(name: string, less: number, end: number): Step {
    const { window, open } = this;
    window.at = end;
    if (this.tooDeep > 0) {
      this.tooDeep--;
      return 'moved';
    }
    const index = open.lastIndexOf(name);
    if (open.length < 2) {
      if (index === 0) open.pop();
      return 'moved';
    }
    if (index < open.length - 1 && this.breakUp('tags do not match')) return 'record';
    if (index > 0) open.length = index;
    if (index === 0) return this.complete(less, less);
    return open.length === 1 ? this.complete(end, end) : 'moved';
  }

  /** The child ends at `to`, soundly or not. */
  private complete(to: number, next: number): Step {
    const { window } = this;
    if (!this.kept && to - window.start > LARGEST_ELEMENT && this.breakUp('element larger than 1 MiB')) return 'record';
    this.open.length = 1;
    this.emit(to, next);
    return 'record';
  }

  /**
   * Notes that the child is broken. Answers true if it was ended at a tag that could begin the next one, from which the scan goes on.
   * Outside of children nothing can be broken that matters.
   */
  private breakUp(problem: string): boolean {
    if (this.open.length < 2 && this.window.start === this.window.at) return false;
    this.broken ??= problem;
    if (this.sibling < 0) return false;
    const sibling = this.window.start + this.sibling;
    this.open.length = 1;
    this.tooDeep = 0;
    this.awaited = undefined;
    this.emit(sibling, sibling);
    return true;
  }

  private emit(to: number, next: number): void {
    this.bytes = this.kept ?? this.window.bytes;
    this.from = this.kept ? 0 : this.window.start;
    this.to = this.kept ? this.kept.length : to;
    if (this.to - this.from > LARGEST_ELEMENT) this.to = this.from + KEPT_OF_TOO_LONG;
    this.problem = this.broken;
    this.broken = this.kept = undefined;
    this.sibling = -1;
    this.release(next);
    this.window.at = next;
  }

  private refuse(): Step {
    const { window } = this;
    this.refused = true;
    if (this.open.length < 2) {
      this.release(window.at);
      this.line = this.lineNow;
    }
    this.broken = 'a document type declaration (<!DOCTYPE …>) is refused: take it out of the file';
    const end = Math.min(window.end, window.at + TELLING);
    this.emit(end, end);
    return 'record';
  }

  /** Lets go of the bytes before `to`, and counts their lines. */
  private release(to: number): void {
    const { window } = this;
    for (let at = window.start; at < to; at++) if (window.bytes[at] === LF) this.lineNow++;
    window.start = to;
  }

  /** No more bytes: what is not complete is broken. */
  private atEnd(): boolean {
    const { window, open } = this;
    if (open.length >= 2) {
      if (this.breakUp('the file ends before the element does')) return true;
    } else if (open.length === 1) {
      this.broken = 'the file ends before the root element does';
    } else if (this.content === 'text') {
      this.broken = 'no XML element in the file';
    } else {
      return false;
    }
    if (open.length < 2) this.line = this.lineNow;
    open.length = 0;
    this.content = 'elements';
    this.emit(window.end, window.end);
    return true;
  }
}
