import { counted, countText } from '../../delay/duration-text';
import type { IssueResult } from './issue.service';
import type { Changes } from './manifest';

/** `4f2a91c0b3de-2 is issued and signed: 12 figures and 1 input differ from revision 1.` */
export function issuedSentence({ head: { id, revision, signed }, isNew, changes }: IssueResult): string {
  if (!isNew) return `nothing differs from ${id}, which stands (revision ${revision})`;
  const how = signed ? 'issued and signed' : 'issued, not signed';
  return changes ? `${id} is ${how}: ${changesSentence(changes)} since revision ${revision - 1}` : `${id} is ${how}`;
}

/** `12 figures and 1 input differ` */
export function changesSentence({ figures, more_figures, inputs }: Changes): string {
  const parts = [counted(figures.length + more_figures, 'figure'), counted(inputs.length, 'input')];
  return `${parts.join(' and ')} differ`;
}

/** The changes of a revision, a line each: inputs, then figures with their value before and after, at most `most` of these. */
export function changeLines({ figures, more_figures, inputs, configuration }: Changes, most: number): string[] {
  const left = Math.max(0, figures.length - most) + more_figures;
  return [
    ...inputs.map(({ path, change }) => `input ${path}: ${change}`),
    ...(configuration.length > 0 ? [`made with other settings: ${configuration.join(', ')}`] : []),
    ...figures
      .slice(0, most)
      .map(({ figure, before, after }) => `${figure}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`),
    ...(left > 0 ? [`${countText(left)} more figures: see the manifest`] : []),
  ];
}
