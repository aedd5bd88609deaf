import type { OperationView } from '../../api/index.ts';

type Phase = OperationView['phase'];

/** A phase of an operation: over, under way, or to come. */
export interface Step {
  readonly phase: Phase;
  readonly state: 'done' | 'now' | 'ahead';
}

const ORDER: readonly Phase[] = ['Before', 'Beside', 'Applying', 'After', 'Testing', 'Done'];

/** The phases that an operation goes through; those that only some have are left out unless it is in them. */
export function stepsOf(present: Phase, has: { beside: boolean; tests: boolean | undefined }): readonly Step[] {
  const isOf = (phase: Phase): boolean => {
    if (phase === 'Beside') return has.beside || present === phase;
    if (phase === 'Testing') return has.tests === true || present === phase;
    return true;
  };
  const at = ORDER.indexOf(present);
  return ORDER.flatMap((phase, index): Step[] => {
    if (!isOf(phase)) return [];
    if (index < at || present === 'Done') return [{ phase, state: 'done' }];
    return [{ phase, state: index === at ? 'now' : 'ahead' }];
  });
}
