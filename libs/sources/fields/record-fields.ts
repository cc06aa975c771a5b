const BLANK = 32;
const NO_BYTES = Buffer.alloc(0);

/**
 * The fields of one record of csv, xml or json framing. A value is bytes [from[i], to[i]) of `bytes`, UTF-8 without quotes or escapes, so that an
 * event takes it over without a string in between; {@link text} makes one where it is needed. Valid until the next record: the reader fills the same
 * object again and again.
 */
export class RecordFields {
  /** As in the file. The same array object for records with the same names one after the other, so that work per header can be done once. */
  names: readonly string[] = [];
  bytes: Buffer = NO_BYTES;
  from = new Int32Array(64);
  to = new Int32Array(64);
  /** how many fields there are */
  count = 0;
  private strings: readonly string[] | undefined;
  private own = NO_BYTES;

  /** Fields that came as strings. */
  static of(names: readonly string[], values: readonly string[]): RecordFields {
    const fields = new RecordFields();
    fields.setStrings(names, values);
    return fields;
  }

  /** Starts a record whose values are ranges of `bytes`. */
  begin(bytes: Buffer): void {
    this.bytes = bytes;
    this.count = 0;
    this.strings = undefined;
  }

  /** Makes room for the ranges of `count` values. */
  makeRoom(count: number): void {
    if (count > this.from.length) this.grow(count);
  }

  /** The next value is bytes [from, to). */
  add(from: number, to: number): void {
    const { count } = this;
    this.makeRoom(count + 1);
    this.from[count] = from;
    this.to[count] = to;
    this.count = count + 1;
  }

  setStrings(names: readonly string[], values: readonly string[]): void {
    const all = values.join('');
    const bytes = this.reserve(all.length * 3);
    const isAscii = bytes.write(all, 0, 'utf8') === all.length;
    this.begin(bytes);
    let end = 0;
    for (const value of values) {
      const from = end;
      end += isAscii ? value.length : Buffer.byteLength(value, 'utf8');
      this.add(from, end);
    }
    this.names = names;
    this.strings = values;
  }

  /** Copies bytes [from, to) of what holds the values, with the ranges that lie in it, so that values may be written anew in place. */
  makeOwn(from: number, to: number): void {
    const own = this.reserve(to - from);
    this.bytes.copy(own, 0, from, to);
    this.bytes = own;
    for (let i = 0; i < this.count; i++) {
      this.from[i] -= from;
      this.to[i] -= from;
    }
  }

  /** A value as text; '' where there is no such field. */
  text(index: number): string {
    if (index < 0 || index >= this.count) return '';
    if (this.strings !== undefined) return this.strings[index];
    return this.from[index] === this.to[index] ? '' : this.bytes.toString('utf8', this.from[index], this.to[index]);
  }

  isEmpty(index: number): boolean {
    return index < 0 || index >= this.count || this.from[index] >= this.to[index];
  }

  /** Whether two fields have the same value; '' where there is no such field. */
  areEqual(one: number, other: number): boolean {
    if (this.isEmpty(one) || this.isEmpty(other)) return this.isEmpty(one) && this.isEmpty(other);
    const { bytes } = this;
    const length = this.to[one] - this.from[one];
    if (length !== this.to[other] - this.from[other]) return false;
    for (let i = 0; i < length; i++) if (bytes[this.from[one] + i] !== bytes[this.from[other] + i]) return false;
    return true;
  }

  /** Leaves out white space at both ends of a value, for good. */
  trim(index: number): void {
    if (this.isEmpty(index)) return;
    const { bytes } = this;
    let from = this.from[index];
    let to = this.to[index];
    while (from < to && isBlank(bytes[from])) from++;
    while (from < to && isBlank(bytes[to - 1])) to--;
    // Other letters' blanks are known to strings.
    if (from < to && (bytes[from] > 127 || bytes[to - 1] > 127)) {
      const text = bytes.toString('utf8', from, to);
      from += Buffer.byteLength(text) - Buffer.byteLength(text.trimStart());
      to -= Buffer.byteLength(text) - Buffer.byteLength(text.trimEnd());
    }
    if (from === this.from[index] && to === this.to[index]) return;
    this.from[index] = from;
    this.to[index] = to;
    if (this.strings !== undefined) this.strings = this.strings.with(index, this.strings[index].trim());
  }

  /** The values as strings. */
  get values(): string[] {
    return Array.from({ length: this.count }, (_, index) => this.text(index));
  }

  /** Fields that stay when the reader goes on. */
  copy(): RecordFields {
    return RecordFields.of(this.names, this.values);
  }

  private reserve(length: number): Buffer {
    if (this.own.length < length) this.own = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.own.length, 1024));
    return this.own;
  }

  private grow(least: number): void {
    const length = Math.max(least, 2 * this.from.length);
    for (const name of ['from', 'to'] as const) {
      const longer = new Int32Array(length);
      longer.set(this[name]);
      this[name] = longer;
    }
  }
}

const isBlank = (byte: number): boolean => byte === BLANK || (byte >= 9 && byte <= 13);
