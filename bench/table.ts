import type { PublicChart } from '../test/support/charts/public-charts.ts';
import { budgetOf, hookRunsOf } from './budget.ts';
import type { CoxswainMeasures } from './coxswain.ts';
import { ACTIONS, type Action, type Measures } from './measure.ts';

/** A chart with what both programs needed for it. */
export interface Row {
  readonly chart: PublicChart;
  readonly coxswain: CoxswainMeasures;
  readonly helm: Measures;
}

// prettier-ignore
const HEADER = ['chart', 'action', 'R', 'hooks', 'Coxswain', 'budget', 'verdict', 'Helm', 'applied ms', 'ready ms', 'Helm ms'];
/** Columns of words; the others hold numbers and are aligned to the right. */
const WORDS = new Set(['chart', 'action', 'verdict']);

/** Whether Coxswain kept every budget. */
export function isWithinBudgets(rows: readonly Row[]): boolean {
  return rows.every((row) => ACTIONS.every((action) => verdictOf(row, action) !== 'over'));
}

/** The figures as aligned text, a line an action. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.flatMap((row) =>
    ACTIONS.filter((action) => row.helm.has(action)).map((each) => cellsOf(row, each)),
  );
  const lines = [HEADER, ...cells];
  const widths = HEADER.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, column) => aligned(cell, column, widths))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function cellsOf(row: Row, action: Action): string[] {
  const { chart, coxswain, helm } = row;
  const own = coxswain.measures.get(action);
  const theirs = helm.get(action);
  const [appliedMs, readyMs] = own?.timesMs ?? [];
  return [
    `${chart.name} ${chart.version}`,
    action,
    String(coxswain.content.objects),
    String(hookRunsOf(action, coxswain.content)),
    String(own?.requests ?? ''),
    String(budgetOf(action, coxswain.content)),
    verdictOf(row, action),
    String(theirs?.requests ?? ''),
    milliseconds(appliedMs),
    milliseconds(readyMs),
    milliseconds(theirs?.timesMs[0]),
  ];
}

function verdictOf({ coxswain }: Row, action: Action): 'ok' | 'over' | '-' {
  const budget = budgetOf(action, coxswain.content);
  const measure = coxswain.measures.get(action);
  if (measure === undefined) return '-';
  return measure.requests <= budget ? 'ok' : 'over';
}

function milliseconds(time: number | undefined): string {
  return time === undefined || time === 0 ? '-' : String(Math.round(time));
}

function aligned(cell: string, column: number, widths: readonly number[]): string {
  const width = widths[column] ?? 0;
  return WORDS.has(HEADER[column] ?? '') ? cell.padEnd(width) : cell.padStart(width);
}
