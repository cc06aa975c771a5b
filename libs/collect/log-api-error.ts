/** Why the API gave no records. The message says what to do, and never holds the key. */
export class LogApiError extends Error {
  /**
   * @param passing whether a later attempt may succeed without anybody doing anything
   * @param staleToken the paging token was refused: the window is to be asked from its beginning
   */
  constructor(
    message: string,
    readonly passing: boolean,
    readonly staleToken = false,
  ) {
    super(message);
    this.name = 'LogApiError';
  }
}
