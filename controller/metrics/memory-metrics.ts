import type { Registry } from '@prometheus-io/client';
import type { WorkingMemory } from '../pass/memory/working-memory.ts';
import { gauge } from './instruments.ts';

type Measured = Pick<WorkingMemory, 'waiting' | 'longestWaitMs' | 'bytes'>;

const WAITING = ['coxswain_memory_waiting', 'Releases and previews that wait for room in memory'] as const;
const LONGEST = ['coxswain_memory_longest_wait_seconds', 'How long the first of them has waited'] as const;
const HELD = ['coxswain_memory_held_bytes', 'What the passes under way hold, as they count it'] as const;

/** The metrics of what passes hold in memory and wait for; empty until the function that it returns is given the memory. */
export function memoryMetrics(registry: Registry): (memory: Measured) => void {
  let memory: Measured = { waiting: 0, longestWaitMs: 0, bytes: 0 };
  gauge(registry, WAITING, () => [[{}, memory.waiting]]);
  gauge(registry, LONGEST, () => [[{}, memory.longestWaitMs / 1000]]);
  gauge(registry, HELD, () => [[{}, memory.bytes]]);
  return (measured) => {
    memory = measured;
  };
}
