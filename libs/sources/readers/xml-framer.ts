import { XMLParser } from 'fast-xml-parser';
import type { FieldValues, RawRecord } from '../source';
import { ElementCutter } from './element-cutter';
import { ReusedRecord, type Framer } from './framer';
import { asText } from './json-framer';

const ATTRIBUTES = '@';
const TEXT = '#text';

/** Reads one element at a time. Values stay text; of entities only those of XML and of characters are known. */
const PARSER = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  attributesGroupName: ATTRIBUTES,
  textNodeName: TEXT,
  parseTagValue: false,
  parseAttributeValue: false,
  removeNSPrefix: true,
  htmlEntities: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
});

/**
 * Every child element of the root is a record, whatever its name (formats.md §1.4). Its fields are its attributes and its own child
 * elements, without name space prefix: text as text, repeated or nested elements as JSON text. An element that is broken, larger
 * than 1 MiB or nested deeper than 32 is a record with a problem, and so is a document type declaration, which ends the reading.
 */
export class XmlFramer implements Framer {
  private readonly record = new ReusedRecord();
  private readonly cutter = new ElementCutter();
  private names: readonly string[] = [];

  push(chunk: Buffer): void {
    this.cutter.push(chunk);
  }

  end(): void {
    this.cutter.end();
  }

  next(): RawRecord | undefined {
    const { cutter, record } = this;
    if (!cutter.cut()) return undefined;
    record.bytes = cutter.bytes;
    record.from = cutter.from;
    record.to = cutter.to;
    record.line = cutter.line;
    record.problem = cutter.problem;
    record.fields = cutter.problem === undefined ? this.fields() : undefined;
    if (!record.fields) record.problem ??= 'not well-formed XML';
    return record;
  }

  private fields(): FieldValues | undefined {
    const { cutter } = this;
    const fields = new Map<string, string>();
    try {
      const document: Nested = PARSER.parse(cutter.bytes.toString('utf8', cutter.from, cutter.to));
      const [element] = Object.values(document);
      if (typeof element === 'string') fields.set(TEXT, element);
      else addFields(element, fields);
    } catch {
      return undefined;
    }
    const names = [...fields.keys()];
    // Elements of one file mostly have the same children, so work per set of names need not be done per element.
    if (names.length !== this.names.length || names.some((name, index) => name !== this.names[index]))
      this.names = names;
    return { names: this.names, values: [...fields.values()] };
  }
}

interface Nested {
  readonly [name: string]: string | Nested;
}

function addFields(element: Nested, fields: Map<string, string>): void {
  for (const [name, value] of Object.entries(element)) {
    if (name === ATTRIBUTES) {
      for (const [attribute, text] of Object.entries(value)) fields.set(attribute, asText(text));
    } else if (typeof value === 'object' && typeof value[TEXT] === 'string') {
      // An element with attributes: its text is what it says.
      fields.set(name, value[TEXT]);
    } else {
      fields.set(name, asText(value));
    }
  }
}
