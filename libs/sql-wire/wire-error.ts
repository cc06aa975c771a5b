/** Bytes that cannot be read or sent in one of ClickHouse's forms; `code` is ClickHouse's own for it (src/Common/ErrorCodes.cpp). */
export class WireError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
    this.name = 'WireError';
  }
}

/** CANNOT_READ_ALL_DATA: the bytes end too early */
export const CANNOT_READ_ALL_DATA = 33;
/** CHECKSUM_DOESNT_MATCH */
export const CHECKSUM_DOESNT_MATCH = 40;
/** NOT_IMPLEMENTED: a type that has no known form here */
export const NOT_IMPLEMENTED = 48;
/** UNKNOWN_COMPRESSION_METHOD */
export const UNKNOWN_COMPRESSION_METHOD = 89;
/** INCORRECT_DATA: bytes that no writer of this form writes */
export const INCORRECT_DATA = 117;
/** TOO_LARGE_SIZE_COMPRESSED: a block or the whole is larger than allowed */
export const TOO_LARGE_SIZE_COMPRESSED = 131;
/** CANNOT_DECOMPRESS */
export const CANNOT_DECOMPRESS = 271;
