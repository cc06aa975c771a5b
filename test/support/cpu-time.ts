/** Milliseconds for which this process kept processors busy during a work: on a busy machine the clock tells of the others too. */
export function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
