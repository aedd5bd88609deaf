import { readFileSync, readdirSync } from 'node:fs';

/** Returns the ids of the processes in the containers of a pod, given by its uid, whose command line starts with that. */
export function processesIn(pod: string, command: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      const isCommand = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').startsWith(command);
      return isCommand && readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes(pod);
    } catch {
      return false;
    }
  });
}
