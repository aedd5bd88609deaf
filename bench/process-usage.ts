import { readdir, readFile } from 'node:fs/promises';

/** What a process and those that it started have used so far. */
export interface Usage {
  /** Of all of them, those that have ended included. */
  readonly cpuSeconds: number;
  /** Of the process itself. */
  readonly ownCpuSeconds: number;
  /** Of its main thread, for which everything else in it waits: without the threads that collect garbage and compile beside it. */
  readonly mainThreadCpuSeconds: number;
  /** Resident at the moment, of the process itself. */
  readonly ownMib: number;
  /** The same, at its peak. */
  readonly ownPeakMib: number;
  /** The processes that it started and that still run, and what they have resident together. */
  readonly children: number;
  readonly childrenMib: number;
}

/** Linux tells programs CPU times in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** Reads from /proc, so on Linux only. */
export async function usageOf(pid: number): Promise<Usage> {
  const children = await childrenOf(pid);
  const [ownCpuSeconds = 0, ...seconds] = await Promise.all([pid, ...children].map(cpuSecondsOf));
  const own = await memoryOf(pid);
  const others = await Promise.all(children.map(memoryOf));
  return {
    cpuSeconds: seconds.reduce((sum, each) => sum + each, ownCpuSeconds),
    ownCpuSeconds,
    mainThreadCpuSeconds: cpuSecondsIn(await statOf(pid, `task/${pid}/`)),
    ownMib: own.nowMib,
    ownPeakMib: own.peakMib,
    children: children.length,
    childrenMib: others.reduce((sum, { nowMib }) => sum + nowMib, 0),
  };
}

async function childrenOf(pid: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = await Promise.all(pids.map(async (each) => Number((await statOf(each))[1])));
  const direct = pids.filter((_, index) => parents[index] === pid);
  return [...direct, ...(await Promise.all(direct.map(childrenOf))).flat()];
}

/** utime, stime and those of the children that were waited for. */
async function cpuSecondsOf(pid: number): Promise<number> {
  return cpuSecondsIn(await statOf(pid));
}

function cpuSecondsIn(stat: readonly string[]): number {
  const ticks = stat.slice(11, 15).map(Number);
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND;
}

/**
 * The fields of /proc/PID/stat, or of that of a thread, from the third on: what comes before may hold spaces. None where the process is
 * gone.
 */
async function statOf(pid: number, thread = ''): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/${thread}stat`, 'utf8').catch(() => '');
  return text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .filter((field) => field !== '');
}

async function memoryOf(pid: number): Promise<{ nowMib: number; peakMib: number }> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const mib = (field: string): number => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) / 1024;
  return { nowMib: mib('VmRSS'), peakMib: mib('VmHWM') };
}
