/** Text that is HTML already. Everything else that goes into a page is escaped. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | string | number | null | undefined | readonly Part[];

/** A template whose values are escaped, lists joined, null and undefined left out. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(texts.reduce((all, text, i) => all + text + (i < parts.length ? written(parts[i]) : ''), ''));
}

function written(part: Part): string {
  if (part === null || part === undefined) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(written).join('');
  return escaped(String(part));
}

const NAMES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text for an element or a quoted attribute; control characters, which a Message-ID from outside may hold, become `?`. */
function escaped(text: string): string {
  return text.replace(/\p{Cc}/gu, '?').replace(/[&<>"']/g, (c) => NAMES[c]);
}

/** A table of more columns moves sideways within itself where the screen is narrow. */
const WIDE_FROM_COLUMNS = 5;

/** A table with a caption; `number` columns stand right. A cell may be Html. */
export function table(
  caption: string,
  columns: readonly { readonly title: string; readonly number?: boolean }[],
  rows: readonly (readonly Part[])[],
): Html {
  const kind = (i: number): Html => (columns[i].number ? html` class="number"` : html``);
  const drawn = html`<table>
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        ${columns.map(({ title }, i) => html`<th scope="col" ${kind(i)}>${title}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${row.map((cell, i) => html`<td${kind(i)}>${cell}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
  if (columns.length < WIDE_FROM_COLUMNS) return drawn;
  return html`<div class="wide" role="group" aria-label="${caption}" tabindex="0">${drawn}</div>`;
}
