/**
 * Milliseconds of CPU that this process has used: what a computation costs, however many other processes share the machine. For hostile texts
 * alone: what a regular expression tries, and how often a text is copied or compared, happens inside V8, where nothing counts it. Their
 * bounds are many times what the work takes, and far below what it would take if it grew by the square. For all else count reads
 * (`countedReads`), turns or requests.
 */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
