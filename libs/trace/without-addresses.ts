/**
 * A sentence for the log of a program: local parts of addresses, also in names of files and in what other programs said, are `…`. A log is read by
 * more people than mail is.
 */
export function withoutAddresses(sentence: string): string {
  // A word is looked at from its beginning only: from each of its letters a long one would take hours.
  return sentence.replace(
    /(?:"[^"\n]*"|(?<![^\s<>()[\]{},;:"'=/\\])[^\s<>()[\]{},;:"'=/\\]+)(@|%40)(?=[\w[\u0080-\uffff])/g,
    '…$1',
  );
}
