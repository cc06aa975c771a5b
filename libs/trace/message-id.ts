/**
 * A Message-ID as it is shown: trimmed, unfolded, the first `<…>` without its brackets, else the first token.
 * '' where there is none: an empty field, `<>`, and Dovecot's `unspecified`. White space inside the brackets stays.
 * A bracket that a log has cut off (Sendmail, after 100 characters) is tolerated.
 * Source: RFC 5322 §3.6.4 and §2.2.3, formats.md §11 and §13.2, §13.3, §13.17, §13.30.
 */
export function displayMessageId(text: string): string {
  const unfolded = text.indexOf('\n') < 0 ? text.trim() : text.replace(/\r?\n/g, '').trim();
  const open = unfolded.indexOf('<');
  const close = open < 0 ? -1 : unfolded.indexOf('>', open);
  if (close < 0) {
    const token = firstToken(open < 0 ? unfolded : unfolded.slice(open + 1).trimStart());
    return token === 'unspecified' ? '' : token;
  }
  // The innermost pair: `<<a@b>>` must equal what a log shows that drops one pair of brackets.
  return unfolded.slice(unfolded.lastIndexOf('<', close) + 1, close).trim();
}

/**
 * The key under which a message is joined: {@link displayMessageId} without white space, lower-cased; '' for no id.
 * Takes the text of a log or header. For an id that has been through `displayMessageId` already see {@link keyOfDisplayed}.
 * Source: delay model §4.1.
 */
export function messageKey(text: string): string {
  return keyOfDisplayed(displayMessageId(text));
}

/** The key of an id without brackets, such as the `messageId` column holds: there, white space does not end the id. */
export function keyOfDisplayed(id: string): string {
  return id.replace(/\s+/g, '').toLowerCase();
}

function firstToken(text: string): string {
  const end = text.search(/\s/);
  return end < 0 ? text : text.slice(0, end);
}
