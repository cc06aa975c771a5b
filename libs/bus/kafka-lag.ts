import type { Admin } from 'kafkajs';

/** Records of each partition of a topic that a group has not acknowledged; undefined = no broker answers. */
export async function lagByPartition(
  admin: Admin,
  topic: string,
  groupId: string,
): Promise<ReadonlyMap<number, number> | undefined> {
  try {
    const ends = await admin.fetchTopicOffsets(topic);
    const [{ partitions }] = await admin.fetchOffsets({ groupId, topics: [topic] });
    const read = new Map(partitions.map(({ partition, offset }) => [partition, Number(offset)]));
    // A group that has committed nothing (-1) begins at the first record that is kept.
    return new Map(
      ends.map(({ partition, high, low }) => [
        partition,
        Math.max(0, Number(high) - Math.max(read.get(partition) ?? 0, Number(low))),
      ]),
    );
  } catch {
    return undefined;
  }
}

export const sumOf = (lags: ReadonlyMap<number, number> | undefined): number | null =>
  lags ? [...lags.values()].reduce((sum, lag) => sum + lag, 0) : null;
