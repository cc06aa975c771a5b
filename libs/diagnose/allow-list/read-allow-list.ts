import { basename } from 'node:path';
import type { AllowListFile } from './allow-list';
import { readCidrTable } from './access-table';
import { readCidrList } from './cidr-list';
import { looksLikeConnectorCsv, readConnectorCsv, readConnectorJson } from './exchange-connectors';
import { logicalLines } from './logical-lines';
import { readMainCf } from './main-cf';
import { readText } from './text-file';

/**
 * Reads an allow-list, whose form its text tells: connectors of Exchange as JSON or CSV, Postfix's `main.cf` (or only
 * `mynetworks = …`), a `cidr:` table, else a list of CIDRs. A reason when the file cannot be read.
 */
export function readAllowList(path: string): AllowListFile | { reason: string } {
  const text = readText(path);
  return typeof text === 'string' ? allowListOf(path, text) : text;
}

/**
 * As {@link readAllowList}, of a text; `file` is its name in answers, and the folder in which main.cf finds its tables.
 * @param alone the text came from elsewhere: no file of this machine is looked at
 */
export function allowListOf(file: string, text: string, alone = false): AllowListFile {
  if (/^\uFEFF?\s*[[{]\s*["[{\]}]/.test(text)) return readConnectorJson(file, text);
  if (looksLikeConnectorCsv(text)) return readConnectorCsv(file, text);
  if (basename(file) === 'main.cf' || /^(mynetworks|postscreen_access_list|smtpd_\w+_restrictions)\s*=/m.test(text)) {
    return readMainCf(file, text, alone);
  }
  const [first] = logicalLines(text);
  if (first && /^!?[\da-f.:[\]/]+\s+[a-z]/i.test(first.text)) {
    const { entries, problems } = readCidrTable(file, text);
    return { lists: [{ file, name: '', form: 'access-table', entries }], problems };
  }
  return readCidrList(file, text);
}
