/**
 * The recipients that one field names: Trend writes one per record, but CEF's `duser` and exports of collectors may hold several,
 * separated by `,` or `;`, or a JSON array. A quoted local part may contain the separators.
 */
export function splitRecipients(text: string): readonly string[] {
  if (text.charCodeAt(0) === BRACKET) {
    const list = jsonStrings(text);
    if (list) return list;
  }
  if (text.indexOf(',') < 0 && text.indexOf(';') < 0) return [text];
  const recipients: string[] = [];
  let from = 0;
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '\\' && isQuoted) i++;
    else if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (char === ',' || char === ';')) {
      recipients.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  recipients.push(text.slice(from).trim());
  const named = recipients.filter((recipient) => recipient !== '');
  return named.length ? named : [text];
}

const BRACKET = 91;

function jsonStrings(text: string): readonly string[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    if (!Array.isArray(list)) return undefined;
    const strings = list.filter((item): item is string => typeof item === 'string' && item !== '');
    return strings.length ? strings : undefined;
  } catch {
    return undefined;
  }
}
