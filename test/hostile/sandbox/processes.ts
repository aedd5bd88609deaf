import { readFileSync } from 'node:fs';

/** A process that this one started, as Linux tells of it. */
export interface Child {
  readonly id: number;
  readonly command: string;
  /** The names of its environment's variables. */
  readonly environment: readonly string[];
  /** The most memory that it had at a time. */
  readonly peakMb: number;
}

/** Only Linux tells one process of another's environment and memory. */
export const TELLS = process.platform === 'linux';

/** The sandboxes' processes that run now. */
export function renderers(): Child[] {
  const ids = fieldsOf(`${process.pid}/task/${process.pid}/children`);
  return ids.map(childOf).filter(({ command }) => command.includes('/sandbox/host.'));
}

function childOf(id: string): Child {
  return {
    id: Number(id),
    command: fieldsOf(`${id}/cmdline`).join(' '),
    environment: fieldsOf(`${id}/environ`).map((entry) => entry.split('=')[0] ?? ''),
    peakMb: Number(/^VmHWM:\s+(\d+) kB$/m.exec(read(`${id}/status`))?.[1] ?? 0) / 1024,
  };
}

function fieldsOf(path: string): string[] {
  return read(path).split(/[\0 ]/).filter(Boolean);
}

/** What Linux tells under this path; nothing where the process has ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
}
