import Papa from 'papaparse';
import { joinRanges, type AddressRange } from '../../trace/address-ranges';
import type { AllowListEntry, AllowListFile, AllowListForm, AllowListProblem } from './allow-list';
import { addressPattern } from './address-pattern';

type Connector = Readonly<Record<string, unknown>>;

const COLUMNS: readonly [string, AllowListForm][] = [
  ['remoteipranges', 'receive-connectors'],
  ['senderipaddresses', 'inbound-connectors'],
];
const COMMAND: Readonly<Record<string, string>> = {
  'receive-connectors':
    "Get-ReceiveConnector | Select Name,Enabled,@{n='RemoteIPRanges';e={$_.RemoteIPRanges -join ';'}}",
  'inbound-connectors':
    "Get-InboundConnector | Select Name,Enabled,@{n='SenderIPAddresses';e={$_.SenderIPAddresses -join ';'}}",
};

/** Whether the first line names a column of {@link readConnectorCsv}. `#TYPE` of Windows PowerShell's Export-Csv may come before. */
export function looksLikeConnectorCsv(text: string): boolean {
  const [header = ''] = text.replace(/^\uFEFF?#TYPE[^\n]*\n/, '').split('\n', 1);
  return COLUMNS.some(([column]) => header.toLowerCase().includes(column));
}

/**
 * Receive connectors of Exchange (`Get-ReceiveConnector`, RemoteIPRanges) or inbound connectors of Exchange Online
 * (`Get-InboundConnector`, SenderIPAddresses) as Export-Csv writes them. A client is let in by any connector that is enabled.
 */
export function readConnectorCsv(file: string, text: string): AllowListFile {
  const { data } = Papa.parse<Connector>(text.replace(/^\uFEFF?#TYPE[^\n]*\n/, ''), {
    header: true,
    skipEmptyLines: true,
    transformHeader: (name) => name.trim(),
  });
  return fromConnectors(file, data);
}

/** The same as ConvertTo-Json writes them: one object, or an array. */
export function readConnectorJson(file: string, text: string): AllowListFile {
  let document: unknown;
  try {
    document = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return { lists: [], problems: [{ file, line: null, reason: 'it begins like JSON and is none' }] };
  }
  return fromConnectors(file, (Array.isArray(document) ? document : [document]) as Connector[]);
}

function fromConnectors(file: string, connectors: readonly unknown[]): AllowListFile {
  const problems: AllowListProblem[] = [];
  const entries: AllowListEntry[] = [];
  let form: AllowListForm | undefined;
  connectors.forEach((value, index) => {
    const connector = lowerCased(value);
    const name = textOf(connector.name ?? connector.identity) || `connector ${index + 1}`;
    const problem = (reason: string): void => void problems.push({ file, line: null, reason: `${name}: ${reason}` });
    const column = COLUMNS.find(([key]) => key in connector);
    if (!column) return problem('it has neither RemoteIPRanges nor SenderIPAddresses');
    form ??= column[1];
    if (/^false$/i.test(textOf(connector.enabled))) return problem('the connector is disabled, so it does not count');
    const ranges: AddressRange[] = [];
    for (const text of expressions(connector[column[0]])) {
      const range = /^(System|Microsoft)\.[\w.]+/.test(text)
        ? { reason: `the export holds ${text} instead of the addresses: export ${COMMAND[column[1]]}` }
        : addressPattern(text);
      if ('reason' in range) problem(range.reason);
      else ranges.push(range);
    }
    entries.push({ ranges: joinRanges(ranges), action: 'allow' });
  });
  return { lists: form ? [{ file, name: '', form, entries }] : [], problems };
}

/** Texts of a value: one with several ranges, a list of them, or of objects that hold the expression. */
function expressions(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(expressions);
  if (value !== null && typeof value === 'object') {
    const { expression, value: values } = lowerCased(value);
    return expressions(expression ?? values ?? '');
  }
  return textOf(value)
    .replace(/[{}]/g, '')
    .replace(/(?<!\s)\s*-\s*/g, '-')
    .split(/[\s,;]+/)
    .filter(Boolean);
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'boolean' || typeof value === 'number' ? String(value) : '';

const lowerCased = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === 'object'
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toLowerCase(), inner as unknown]))
    : {};
