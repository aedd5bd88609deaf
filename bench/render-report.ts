/** One case's medians; Helm's includes loading the chart, and so does `coldMs`. */
export interface TimedCase {
  readonly title: string;
  readonly outputChars: number;
  readonly helmMs: number;
  readonly coldMs: number;
  readonly warmMs: number;
}

/** What the renderer may take of Helm's time in total. */
const BUDGET = { cold: 0.5, warm: 0.1 };
const SLOWEST = 10;

/** The slowest cases and the totals. */
export function reportOf(timed: readonly TimedCase[], found: number): string {
  const slowest = timed.toSorted((a, b) => b.coldMs - a.coldMs).slice(0, SLOWEST);
  const helmMs = sumOf(timed, ({ helmMs: ms }) => ms);
  const totals = (['cold', 'warm'] as const).map((kind) => {
    const ms = sumOf(timed, (each) => each[`${kind}Ms`]);
    const ratio = ms / helmMs;
    const verdict = ratio <= BUDGET[kind] ? 'ok' : 'over';
    return `${kind}: ours ${ms.toFixed(0)} ms, Helm ${helmMs.toFixed(0)} ms, ratio ${ratio.toFixed(3)} of at most ${BUDGET[kind]}: ${verdict}`;
  });
  return [
    `The slowest ${slowest.length} of ours (ms):`,
    row('Helm', 'cold', 'warm', 'ratio', 'chars', 'chart'),
    ...slowest.map((each) =>
      row(
        each.helmMs.toFixed(1),
        each.coldMs.toFixed(1),
        each.warmMs.toFixed(1),
        (each.coldMs / each.helmMs).toFixed(2),
        String(each.outputChars),
        each.title,
      ),
    ),
    '',
    `${timed.length} of ${found} cases: the others fail, or render differently each time`,
    ...totals,
    '',
  ].join('\n');
}

function row(...[last, ...before]: string[]): string {
  const cells = [last ?? '', ...before];
  const title = cells.pop() ?? '';
  return `${cells.map((cell) => cell.padStart(9)).join('')}  ${title}`;
}

function sumOf(timed: readonly TimedCase[], of: (each: TimedCase) => number): number {
  return timed.reduce((sum, each) => sum + of(each), 0);
}
