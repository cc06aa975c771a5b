/** Columns of a terminal that text for people is made for. */
export const WIDTH = 80;

/** A duration for people: `850 ms`, `13 s`, `16 m 35 s`, `8 h 57 m`, `3 d 2 h`; negative ones with a minus sign. */
export function duration(ms: number): string {
  if (ms < 0) return `-${duration(-ms)}`;
  if (ms < 1000) return `${ms} ms`;
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return ms % 1000 === 0 ? `${seconds} s` : `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} m`;
  return `${Math.floor(seconds / 86400)} d ${Math.floor((seconds % 86400) / 3600)} h`;
}

/** A stranger's text (a header, a reply): its control characters must not reach the terminal. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}

/** `1 time`, `2 times`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** Wraps at spaces; following lines are indented to the text. A word longer than the line is cut. */
export function paragraph(name: string, text: string): string[] {
  const width = WIDTH - name.length;
  const lines: string[] = [''];
  for (const word of printable(text).split(' ')) {
    for (let from = 0; from === 0 || from < word.length; from += width) {
      const piece = word.slice(from, from + width);
      const last = lines[lines.length - 1];
      if (last === '') lines[lines.length - 1] = piece;
      else if (last.length + 1 + piece.length <= width) lines[lines.length - 1] = `${last} ${piece}`;
      else lines.push(piece);
    }
  }
  return lines.map((line, at) => (at === 0 ? name : ' '.repeat(name.length)) + line);
}
