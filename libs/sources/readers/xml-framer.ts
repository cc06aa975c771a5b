import { XMLParser } from 'fast-xml-parser';
import { CutFramer, type FieldTexts } from './cut-framer';
import { ElementCutter } from './element-cutter';
import { asText } from './json-framer';
import { ENTITIES } from './xml-entities';

const ATTRIBUTES = '@';
const TEXT = '#text';
const ORDERED_ATTRIBUTES = ':@';

/** Values stay text; of entities only those of XML and of characters are known. */
const OPTIONS = {
  ignoreAttributes: false,
  attributeNamePrefix: '',
  textNodeName: TEXT,
  parseTagValue: false,
  parseAttributeValue: false,
  removeNSPrefix: true,
  entityDecoder: ENTITIES,
  ignoreDeclaration: true,
  ignorePiTags: true,
  jPath: false,
};
/** For records whose fields are plain texts, which almost all are: half the work. */
const IN_ORDER = new XMLParser({ ...OPTIONS, preserveOrder: true });
const AS_OBJECT = new XMLParser({ ...OPTIONS, attributesGroupName: ATTRIBUTES });

/**
 * Every child element of the root is a record, whatever its name (formats.md §1.4). Its fields are its attributes and its own child
 * elements, without name space prefix: text as text, repeated or nested elements as JSON text. An element that is broken, larger
 * than 1 MiB or nested deeper than 32 is a record with a problem, and so is a document type declaration, which ends the reading.
 */
export class XmlFramer extends CutFramer {
  constructor() {
    super(new ElementCutter(), fieldsOf, 'not well-formed XML');
  }
}

function fieldsOf(text: string): FieldTexts {
  const fields = plainFields(IN_ORDER.parse(text) as OrderedNode[]) ?? nestedFields(AS_OBJECT.parse(text) as Nested);
  return { names: [...fields.keys()], values: [...fields.values()] };
}

/** An element by its name, or text by {@link TEXT}; attributes, where there are any, by {@link ORDERED_ATTRIBUTES}. */
interface OrderedNode {
  readonly [name: string]: readonly OrderedNode[] | string | Readonly<Record<string, string>>;
}

/** The fields of an element whose children are all different and hold nothing but text; undefined when it is not like that. */
function plainFields([element]: readonly OrderedNode[]): Map<string, string> | undefined {
  const fields = new Map<string, string>();
  const children = Object.values(element)[0] as readonly OrderedNode[];
  for (const child of children) {
    const name = Object.keys(child)[0];
    const content = child[name] as readonly OrderedNode[];
    const text = content.length === 0 && !(ORDERED_ATTRIBUTES in child) ? '' : content[0]?.[TEXT];
    if (name === TEXT || fields.has(name) || content.length > 1 || typeof text !== 'string') return undefined;
    fields.set(name, text);
  }
  if (fields.size === 0) return undefined;
  for (const [attribute, text] of Object.entries(element[ORDERED_ATTRIBUTES] ?? {}))
    fields.set(attribute, text as string);
  return fields;
}

interface Nested {
  readonly [name: string]: string | Nested;
}

function nestedFields(document: Nested): Map<string, string> {
  const fields = new Map<string, string>();
  const [element] = Object.values(document);
  if (typeof element === 'string') fields.set(TEXT, element);
  else addFields(element, fields);
  return fields;
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
