/** A text as one word of a POSIX shell command, quoted only where it must be: it can be copied, whatever a Message-ID holds. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) || text === 'npx hoptime' ? text : `'${text.replace(/'/g, `'\\''`)}'`;
}
