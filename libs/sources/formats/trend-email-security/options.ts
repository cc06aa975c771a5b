import { z } from 'zod';

/**
 * What the rows of a file mean (formats.md §1.4 "Which time is it?", an assumption that the user can override):
 * `states` one row per state, with the time of reception and the time of the reported action; `events` one row per event at its
 * own time; `last-action` one row per recipient with the time of reception and the last action, whose own time is unknown.
 */
export const SHAPES = ['states', 'events', 'last-action'] as const;
export type Shape = (typeof SHAPES)[number];

/** Options of the source's own. Without `shape` (nobody surveyed the file) each record is read by the columns that it has. */
export interface TrackingOptions {
  shape?: Shape;
}

export const trackingOptions: z.ZodType<TrackingOptions> = z.object({
  shape: z
    .enum(SHAPES)
    .optional()
    .describe('what a row is: one state (two times), one event, or the last action of a recipient'),
});
