import type { Case } from '../rendering/cases.ts';
import type { Verdict } from './compare.ts';
import type { HelmAnswer } from '../rendering/oracle.ts';
import type { OurAnswer } from '../rendering/ours.ts';
import { inOneOrder } from './random-order.ts';

const KINDS = [
  'identical',
  'stable-lines-identical',
  'different',
  'both-fail',
  'only-helm-fails',
  'only-we-fail',
] as const;

type Kind = (typeof KINDS)[number];

const SLOWEST_SHOWN = 5;

interface Tally {
  readonly counts: Record<Kind, number>;
  randomFiles: number;
  randomLines: number;
  helmMicros: number;
  ourMicros: number;
  alikeMessages: number;
}

/** Collects verdicts and writes them up: by repository, in total, and each difference. */
export class Report {
  readonly #tallies = new Map<string, Tally>();
  readonly #findings: string[] = [];
  readonly #total = emptyTally();
  readonly #times: { readonly place: string; readonly helmMicros: number; readonly ourMicros: number }[] = [];

  /** Takes one case's outcome; failing cases do not count towards the times. */
  add(asked: Case, verdict: Verdict, helm: HelmAnswer, ours: OurAnswer): void {
    const tally = this.#tallies.get(asked.repository) ?? emptyTally();
    this.#tallies.set(asked.repository, tally);
    for (const each of [tally, this.#total]) count(each, verdict, helm, ours);
    const place = `${asked.repository} ${asked.title}`;
    this.#times.push({ place, helmMicros: microsOf(helm), ourMicros: microsOf(ours) });
    if ('detail' in verdict) this.#findings.push(`  ${verdict.kind}: ${place}\n    ${verdict.detail}`);
    if (verdict.kind === 'both-fail' && !isAlike(verdict)) {
      this.#findings.push(
        `  fails with other words: ${place}\n      Helm: ${verdict.helm}\n      ours: ${verdict.ours}`,
      );
    }
    if (verdict.kind === 'stable-lines-identical' && verdict.random.unevenFiles > 0) {
      const { files, unevenFiles, lines } = verdict.random;
      this.#findings.push(
        `  random in Helm: ${place}: ${lines} lines of ${files} files, of varying number in ${unevenFiles}`,
      );
    }
  }

  /** Whether no case came out differently. */
  isClean(): boolean {
    const { counts } = this.#total;
    return counts.different + counts['only-helm-fails'] + counts['only-we-fail'] === 0;
  }

  /** The whole report, ending with the summary line. */
  text(): string {
    const lines = [...this.#tallies].map(([repository, tally]) => `${repository}: ${lineOf(tally)}`);
    return [...this.#findings, ...this.#slowest(), ...lines, `total: ${lineOf(this.#total)}`].join('\n');
  }

  #slowest(): string[] {
    const first = this.#times.sort((a, b) => b.ourMicros - a.ourMicros).slice(0, SLOWEST_SHOWN);
    return first.map(({ place, helmMicros, ourMicros }) => {
      return `  slowest: ${place}: Helm ${secondsOf(helmMicros)}, ours ${secondsOf(ourMicros)}`;
    });
  }
}

function microsOf({ loadMicros, renderMicros }: HelmAnswer | OurAnswer): number {
  return loadMicros + renderMicros;
}

function secondsOf(micros: number): string {
  return `${(micros / 1e6).toFixed(2)} s`;
}

function emptyTally(): Tally {
  const counts = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<Kind, number>;
  return { counts, randomFiles: 0, randomLines: 0, helmMicros: 0, ourMicros: 0, alikeMessages: 0 };
}

function count(tally: Tally, verdict: Verdict, helm: HelmAnswer, ours: OurAnswer): void {
  tally.counts[verdict.kind] += 1;
  if (verdict.kind === 'both-fail') tally.alikeMessages += Number(isAlike(verdict));
  if (verdict.kind === 'stable-lines-identical') {
    tally.randomFiles += verdict.random.files;
    tally.randomLines += verdict.random.lines;
  }
  if (helm.error !== undefined || ours.error !== undefined) return;
  tally.helmMicros += microsOf(helm);
  tally.ourMicros += microsOf(ours);
}

/** Whether the failures read the same; neither what one of them says beyond the other matters nor the order of problems. */
function isAlike({ helm, ours }: { readonly helm: string; readonly ours: string }): boolean {
  if (inOneOrder(helm) === inOneOrder(ours)) return true;
  const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();
  return plain(ours).includes(plain(helm)) || plain(helm).includes(plain(ours));
}

function lineOf({ counts, randomFiles, randomLines, helmMicros, ourMicros, alikeMessages }: Tally): string {
  const cases = KINDS.reduce((sum, kind) => sum + counts[kind], 0);
  const random = ` (${randomLines} random lines in ${randomFiles} files)`;
  const kinds = KINDS.filter((kind) => counts[kind] > 0 || kind === 'different').map(
    (kind) => `${counts[kind]} ${kind}${kind === 'stable-lines-identical' ? random : ''}`,
  );
  const messages = counts['both-fail'] > 0 ? ` (${alikeMessages} with the same message)` : '';
  const ratio = helmMicros === 0 ? '' : `, ratio ${(ourMicros / helmMicros).toFixed(2)}`;
  return `${cases} cases: ${kinds.join(', ')}${messages}; Helm ${secondsOf(helmMicros)}, ours ${secondsOf(ourMicros)}${ratio}`;
}
