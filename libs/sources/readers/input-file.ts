/** One thing to ingest. Times are epoch ms, sizes bytes. */
export interface InputFile {
  /** absolute path, or `-` for standard input */
  readonly path: string;
  /** as the user gave it (for a file found in a folder: the given folder and the rest) */
  readonly display: string;
  /** size on disk when it was found; absent when not known */
  readonly sizeBytes?: number;
  /** last change; for standard input and pipes the time of reading */
  readonly modifiedAt: number;
  /** so many bytes of its text (unpacked, not decoded) are the input, and what follows is not read; all when left out */
  readonly textBytes?: number;
  /** Open descriptor of a temporary copy: standard input and pipes, which can be read once only (see spool.ts). */
  readonly fd?: number;
}

/** An input that cannot be used. A value, so that all others go on. */
export interface InputProblem {
  /** as the user gave it */
  readonly path: string;
  /** what is wrong, without the path */
  readonly reason: string;
  /** what the user can do */
  readonly advice: string;
}

/** Reading stopped before the end of the file; everything before was handed on. */
export interface ReadError extends InputProblem {
  /** bytes read from disk until then (of a gzip file: compressed bytes) */
  readonly bytesRead: number;
}

export function isInputProblem(input: InputFile | InputProblem): input is InputProblem {
  return 'reason' in input;
}
