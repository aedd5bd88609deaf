/**
 * Milliseconds that this process has worked, in all its threads. What a chart may take is counted in these: on a machine that others use
 * too, or that gives a process little of it, time passes without work being done.
 */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
