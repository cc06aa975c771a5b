import type { Segment } from '../../../libs/delay/report';

/** The colours of the theme that is shown, for what is drawn on a canvas. One colour per segment, the same in every view. */
export interface Palette {
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly card: string;
  readonly segments: Readonly<Record<Segment, string>>;
}

/** Reads the palette from the style sheet, its only place. */
export function currentPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: colour('ink'),
    soft: colour('soft'),
    line: colour('line'),
    card: colour('card'),
    segments: {
      hes: colour('hes'),
      hes_processing: colour('processing'),
      hes_waiting: colour('waiting'),
      downstream: colour('downstream'),
      total: colour('total'),
    },
  };
}
