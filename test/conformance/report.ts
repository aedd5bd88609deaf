import type { Case } from './cases.ts';
import type { Verdict } from './compare.ts';
import type { HelmAnswer } from './oracle.ts';
import type { OurAnswer } from './ours.ts';

const KINDS = [
  'identical',
  'stable-lines-identical',
  'different',
  'both-fail',
  'only-helm-fails',
  'only-we-fail',
] as const;

type Kind = (typeof KINDS)[number];

interface Tally {
  readonly counts: Record<Kind, number>;
  helmMicros: number;
  ourMicros: number;
  alikeMessages: number;
}

/** Collects verdicts and writes them up: by repository, in total, and each difference. */
export class Report {
  private readonly tallies = new Map<string, Tally>();
  private readonly findings: string[] = [];
  private readonly total = emptyTally();

  /** Takes one case's outcome; failing cases do not count towards the times. */
  add(asked: Case, verdict: Verdict, helm: HelmAnswer, ours: OurAnswer): void {
    const tally = this.tallies.get(asked.repository) ?? emptyTally();
    this.tallies.set(asked.repository, tally);
    for (const each of [tally, this.total]) count(each, verdict, helm, ours);
    const place = `${asked.repository} ${asked.title}`;
    if ('detail' in verdict) this.findings.push(`  ${verdict.kind}: ${place}\n    ${verdict.detail}`);
    if (verdict.kind === 'both-fail' && !isAlike(verdict)) {
      this.findings.push(
        `  fails with other words: ${place}\n      Helm: ${verdict.helm}\n      ours: ${verdict.ours}`,
      );
    }
  }

  /** Whether no case came out differently. */
  isClean(): boolean {
    const { counts } = this.total;
    return counts.different + counts['only-helm-fails'] + counts['only-we-fail'] === 0;
  }

  /** The whole report, ending with the summary line. */
  text(): string {
    const lines = [...this.tallies].map(([repository, tally]) => `${repository}: ${lineOf(tally)}`);
    return [...this.findings, ...lines, `total: ${lineOf(this.total)}`].join('\n');
  }
}

function emptyTally(): Tally {
  const counts = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<Kind, number>;
  return { counts, helmMicros: 0, ourMicros: 0, alikeMessages: 0 };
}

function count(tally: Tally, verdict: Verdict, helm: HelmAnswer, ours: OurAnswer): void {
  tally.counts[verdict.kind] += 1;
  if (verdict.kind === 'both-fail') tally.alikeMessages += Number(isAlike(verdict));
  if (helm.error !== undefined || ours.error !== undefined) return;
  tally.helmMicros += helm.loadMicros + helm.renderMicros;
  tally.ourMicros += ours.loadMicros + ours.renderMicros;
}

/** Whether the failures read the same; what one of them says beyond the other does not matter. */
function isAlike({ helm, ours }: { readonly helm: string; readonly ours: string }): boolean {
  const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();
  return plain(ours).includes(plain(helm)) || plain(helm).includes(plain(ours));
}

function lineOf({ counts, helmMicros, ourMicros, alikeMessages }: Tally): string {
  const cases = KINDS.reduce((sum, kind) => sum + counts[kind], 0);
  const kinds = KINDS.filter((kind) => counts[kind] > 0 || kind === 'different').map(
    (kind) => `${counts[kind]} ${kind}`,
  );
  const messages = counts['both-fail'] > 0 ? ` (${alikeMessages} with the same message)` : '';
  const ratio = helmMicros === 0 ? '' : `, ratio ${(ourMicros / helmMicros).toFixed(2)}`;
  const seconds = (micros: number): string => `${(micros / 1e6).toFixed(2)} s`;
  return `${cases} cases: ${kinds.join(', ')}${messages}; Helm ${seconds(helmMicros)}, ours ${seconds(ourMicros)}${ratio}`;
}
