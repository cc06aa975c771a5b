const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/**
 * A bar whose length grows by `cells` of one character per doubling, from 1 second on, so that a delay of an hour does not hide
 * one of five minutes beside it. Nothing at or below a second; never longer than `most` characters.
 */
export function doublingBar(ms: number | null, cells = 1, most = 20): string {
  if (ms === null || ms <= 1000) return '';
  const eighths = Math.min(Math.round(Math.log2(ms / 1000) * cells * 8), most * 8);
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}

/** A span on a line of `width` characters that stands for `total`: at least one character, filled with `fill`. */
export function spanBar(start: number, end: number, total: number, width: number, fill: string): string {
  if (total <= 0) return fill;
  const from = Math.min(Math.floor((start / total) * width), width - 1);
  const to = Math.max(Math.min(Math.ceil((end / total) * width), width), from + 1);
  return ' '.repeat(from) + fill.repeat(to - from);
}
