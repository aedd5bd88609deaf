import type { PublicChart } from '../test/support/public-charts.ts';
import type { CoxswainMeasures } from './coxswain.ts';
import { ACTIONS, type Action, type Measures } from './measure.ts';

/** A chart with what both programs needed for it. */
export type Row = { readonly chart: PublicChart; readonly coxswain: CoxswainMeasures; readonly helm: Measures };

/** Whether Coxswain kept its budget. */
export type Verdict = 'ok' | 'over' | '-';

/** The most requests that an action may need, for a chart of so many objects; undefined where none is set. */
export function budgetOf(action: Action, objects: number): number | undefined {
  switch (action) {
    case 'install':
      return objects + 8;
    case 'upgrade':
    case 'rollback':
      return 8;
    case 'no-op':
      return 0;
    case 'uninstall':
      return undefined;
  }
}
