import { countText } from './duration-text';
import { type RejectedReason } from './rejected.service';
import { textTable } from './text-table';

/** Reasons of rejection for people, each with the place and text of its first record, and what to do. */
export function rejectedText(reasons: readonly RejectedReason[]): string {
  if (reasons.length === 0) return 'Every record of the inputs was understood.\n';
  const rows = reasons.map((r) => [countText(r.count), r.reason, `${r.file}:${r.first_line}`, r.first_text]);
  const columns = [
    { title: 'records', align: 'right' as const },
    { title: 'reason', most: 60 },
    { title: 'first at file:line' },
    { title: 'its text', most: 60 },
  ];
  return `${textTable(columns, rows)}\nAfter a fix, or with a mapping for unknown headers, parse them again: hoptime replay (see hoptime replay --help).\n`;
}
