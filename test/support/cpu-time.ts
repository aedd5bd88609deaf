/** Milliseconds of CPU that this process has used: what a computation costs, however many other processes share the machine. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
