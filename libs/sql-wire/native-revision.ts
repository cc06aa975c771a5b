import { ByteWalk, type Walk } from './byte-walk';
import { walkColumn } from './native-column';
import { nativeType, type NativeType } from './native-type';
import { NOT_IMPLEMENTED, WireError } from './wire-error';

/** First protocol whose clients know LowCardinality; older ones would need another form of it. */
const OLDEST = 54405;
/** From this protocol on, a byte after each column's type says whether its values are written in a special way (ProtocolDefines.h). */
const CUSTOM_SERIALIZATION = 54454;

/** Field 1, is_overflows: no; field 2, bucket_num: −1, as Int32; 0 ends the fields (BlockInfo of ClickHouse). */
const BLOCK_INFO = Buffer.from([1, 0, 2, 0xff, 0xff, 0xff, 0xff, 0]);
const ORDINARY = Buffer.from([0]);

/**
 * The Native format as a server writes it for a client that names its protocol (`client_protocol_version`): chDB writes that of protocol 0
 * and knows no other. Blocks pass as they come, from chunks cut anywhere.
 * @param revision protocol of the client; 0 = none named, nothing is changed
 * @throws WireError for a column of a type that is not known here, a protocol that is too old, and a stream that ends within a block
 */
export async function* nativeForRevision(
  source: AsyncIterable<Uint8Array>,
  revision: number,
): AsyncGenerator<Uint8Array> {
  if (revision === 0) return yield* source;
  if (revision < OLDEST) {
    throw new WireError(
      NOT_IMPLEMENTED,
      `client_protocol_version ${revision}: clients older than ${OLDEST} are not served`,
    );
  }
  const bytes = new ByteWalk();
  const walk = blocks(bytes, revision);
  for await (const chunk of source) yield* bytes.feed(chunk, walk);
  yield* bytes.end(walk);
}

function* blocks(bytes: ByteWalk, revision: number): Walk {
  // The types of one result are the same in all its blocks.
  const types = new Map<string, NativeType>();
  while (yield* bytes.hasMore()) {
    bytes.insert(BLOCK_INFO);
    const columns = yield* bytes.varint();
    const rows = yield* bytes.varint();
    for (let column = 0; column < columns; column++) {
      yield* bytes.text();
      const name = yield* bytes.text();
      if (revision >= CUSTOM_SERIALIZATION) bytes.insert(ORDINARY);
      const type = types.get(name) ?? nativeType(name);
      types.set(name, type);
      if (rows > 0) yield* walkColumn(bytes, type, rows);
    }
  }
}
