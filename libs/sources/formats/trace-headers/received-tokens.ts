/** A piece of a structured field body: a word, or a comment without its outer brackets (RFC 5322 §3.2.2). */
export interface Token {
  readonly comment: boolean;
  readonly text: string;
}

/** A field body cut at white space and brackets. */
export interface Tokens {
  readonly tokens: readonly Token[];
  /** place of the last `;` outside brackets, −1 without one */
  readonly semicolon: number;
  /** how many tokens stand before it */
  readonly beforeSemicolon: number;
}

const TAB = 9;
const BLANK = 32;
const OPEN = 40;
const CLOSE = 41;
const SEMICOLON = 59;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;

/**
 * Cuts a field body into words and comments. Brackets nest, `\` escapes inside them; a bracket that is never closed runs
 * to the end, one that was never opened is a character like any other. Linear in the length of the text.
 */
export function tokenise(text: string): Tokens {
  const tokens: Token[] = [];
  let semicolon = -1;
  let beforeSemicolon = 0;
  let depth = 0;
  let begin = 0;
  const word = (end: number): void => {
    if (end > begin) tokens.push({ comment: false, text: text.slice(begin, end) });
  };
  for (let at = 0; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (depth > 0) {
      if (c === BACKSLASH) at++;
      else if (c === OPEN) depth++;
      else if (c === CLOSE && --depth === 0) {
        tokens.push({ comment: true, text: text.slice(begin, at).trim() });
        begin = at + 1;
      }
    } else if (c === OPEN && text.charCodeAt(at - 1) !== OPEN_BRACKET) {
      word(at);
      depth = 1;
      begin = at + 1;
    } else if (c === BLANK || c === TAB || c === SEMICOLON) {
      word(at);
      begin = at + 1;
      if (c === SEMICOLON) {
        semicolon = at;
        beforeSemicolon = tokens.length;
      }
    }
  }
  if (depth > 0) tokens.push({ comment: true, text: text.slice(begin).trim() });
  else word(text.length);
  return { tokens, semicolon, beforeSemicolon };
}

/** The text without its comments. */
export function withoutComments(text: string): string {
  return tokenise(text.replaceAll(';', ' '))
    .tokens.filter((token) => !token.comment)
    .map((token) => token.text)
    .join(' ');
}
