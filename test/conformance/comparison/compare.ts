import { canonicalJson } from '../../../resources/index.ts';
import type { HelmAnswer } from '../rendering/oracle.ts';
import type { OurAnswer } from '../rendering/ours.ts';
import { deviationFrom } from './same.ts';
import { sentByHelm } from '../rendering/sent.ts';
import { misfitOf, skeletonOf } from './stable-lines.ts';

/** How a case came out. */
export type Verdict =
  | { readonly kind: 'identical' }
  | { readonly kind: 'stable-lines-identical'; readonly random: RandomPart }
  | { readonly kind: 'both-fail'; readonly helm: string; readonly ours: string }
  | { readonly kind: 'different' | 'only-helm-fails' | 'only-we-fail'; readonly detail: string };

/** What differs between Helm's own renderings of a case. */
interface RandomPart {
  readonly files: number;
  /** Of `files`, those with more lines in one rendering than in another. */
  readonly unevenFiles: number;
  readonly lines: number;
}

/** How often Helm renders a case at most to tell what is random in it. */
const MAX_RENDERINGS = 8;
const MAX_SHOWN = 600;

/** Compares two answers to one case; `again` gives Helm's answer to the same case once more. */
export async function compareAnswers(
  helm: HelmAnswer,
  ours: OurAnswer,
  again: () => Promise<HelmAnswer>,
): Promise<Verdict> {
  const ourError = ours.error ?? ours.manifestError;
  if (ourError?.startsWith('UNEXPECTED') === true) return { kind: 'different', detail: ourError };
  const failed = failureOf(helm.error, ours.error);
  if (failed !== undefined) return failed;
  const answers = [helm];
  let difference = differenceFrom(answers, ours);
  while (difference !== undefined && answers.length < MAX_RENDERINGS && mayBeRandom(answers)) {
    answers.push(await again());
    difference = differenceFrom(answers, ours);
  }
  if (difference !== undefined) return { kind: 'different', detail: difference };
  const unread = failureOf(helm.buildError, ours.manifestError);
  if (unread !== undefined) return unread;
  return answers.length === 1
    ? { kind: 'identical' }
    : { kind: 'stable-lines-identical', random: randomPartOf(answers.map(({ files = {} }) => files)) };
}

/** What Helm renders thrice in the same way is not random. */
function mayBeRandom(answers: readonly HelmAnswer[]): boolean {
  return answers.length < 3 || new Set(answers.map(({ files }) => canonicalJson(files))).size > 1;
}

/** The verdict where one side fails, or both. */
function failureOf(helm: string | undefined, ours: string | undefined): Verdict | undefined {
  if (helm !== undefined && ours !== undefined) return { kind: 'both-fail', helm, ours };
  if (helm !== undefined) return { kind: 'only-helm-fails', detail: `Helm: ${helm}` };
  return ours === undefined ? undefined : { kind: 'only-we-fail', detail: `ours: ${ours}` };
}

/** What of ours is not what all of Helm's answers have in common: a line of a file, or a field of what is sent. */
function differenceFrom(answers: readonly HelmAnswer[], { files = {}, sent }: OurAnswer): string | undefined {
  const texts = answers.map((answer) => answer.files ?? {});
  const difference = differenceBetween(texts, files);
  if (difference !== undefined || sent === undefined) return difference;
  if (answers.some(({ buildError }) => buildError !== undefined)) return undefined;
  const deviation = deviationFrom(answers.map(sentByHelm), sent);
  if (deviation === undefined) return undefined;
  const { path, wanted, found } = deviation;
  return `sent${path}\n      Helm: ${shownJson(wanted)}\n      ours: ${shownJson(found)}`;
}

type Files = Readonly<Record<string, string>>;

/** The first line that all of Helm's renderings have and ours lacks, with both versions of it. */
function differenceBetween(renderings: readonly Files[], got: Files): string | undefined {
  const [wanted = {}, ...others] = renderings;
  for (const file of [...new Set([...Object.keys(wanted), ...Object.keys(got)])].sort()) {
    const left = wanted[file];
    const right = got[file];
    if (left === right) continue;
    if (left === undefined) return `${file}: only ours has this file`;
    if (right === undefined) return `${file}: only Helm has this file`;
    const misfit = misfitOf(right, skeletonOf(left, versionsIn(others, file)));
    if (misfit === undefined) continue;
    return `${file}:${misfit.line}\n      Helm: ${shown(misfit.wanted)}\n      ours: ${shown(misfit.found)}`;
  }
  return undefined;
}

function versionsIn(renderings: readonly Files[], file: string): string[] {
  return renderings.map((files) => files[file] ?? '');
}

function shown(text: string | undefined): string {
  return text === undefined ? '(no line)' : JSON.stringify(text).slice(0, MAX_SHOWN);
}

function shownJson(value: unknown): string {
  return value === undefined ? '(nothing)' : canonicalJson(value).slice(0, MAX_SHOWN);
}

function randomPartOf([first = {}, ...others]: readonly Files[]): RandomPart {
  let files = 0;
  let unevenFiles = 0;
  let lines = 0;
  for (const [file, text] of Object.entries(first)) {
    const versions = versionsIn(others, file);
    if (versions.every((version) => version === text)) continue;
    files++;
    lines += skeletonOf(text, versions).randomLines;
    const count = text.split('\n').length;
    if (versions.some((version) => version.split('\n').length !== count)) unevenFiles++;
  }
  return { files, unevenFiles, lines };
}
