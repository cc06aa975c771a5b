/**
 * How folders that hold mail data are made: for the user whose program it is alone. A folder that is there keeps the mode that somebody gave it.
 */
export const OWN_FOLDER = { recursive: true, mode: 0o700 } as const;
