import type { HelmAnswer, HelmHook } from './oracle.ts';
import type { OurAnswer } from './ours.ts';
import { misfitOf, skeletonOf } from './stable-lines.ts';

/** How a case came out. */
export type Verdict =
  | { readonly kind: 'identical' }
  | { readonly kind: 'stable-lines-identical'; readonly random: RandomPart }
  | { readonly kind: 'both-fail'; readonly helm: string; readonly ours: string }
  | { readonly kind: 'different' | 'only-helm-fails' | 'only-we-fail'; readonly detail: string };

/** What differs between Helm's own renderings of a case. */
export interface RandomPart {
  readonly files: number;
  /** Of `files`, those with more lines in one rendering than in another. */
  readonly unevenFiles: number;
  readonly lines: number;
}

/** How often Helm renders a case at most to tell what is random in it. */
const MAX_RENDERINGS = 8;

/** Compares two answers to one case; `again` gives Helm's answer to the same case once more. */
export async function compareAnswers(
  helm: HelmAnswer,
  ours: OurAnswer,
  again: () => Promise<HelmAnswer>,
): Promise<Verdict> {
  if (ours.error?.startsWith('UNEXPECTED') === true) return { kind: 'different', detail: ours.error };
  if (helm.error !== undefined && ours.error !== undefined)
    return { kind: 'both-fail', helm: helm.error, ours: ours.error };
  if (helm.error !== undefined) return { kind: 'only-helm-fails', detail: `Helm: ${helm.error}` };
  if (ours.error !== undefined) return { kind: 'only-we-fail', detail: `ours: ${ours.error}` };
  const renderings = [helm.files ?? {}];
  const got = ours.files ?? {};
  let difference = differenceBetween(renderings, got);
  while (difference !== undefined && renderings.length < MAX_RENDERINGS) {
    renderings.push((await again()).files ?? {});
    difference = differenceBetween(renderings, got);
  }
  if (difference !== undefined) return { kind: 'different', detail: difference };
  const problem = orderDifference(helm, ours, renderings.length === 1);
  if (problem !== undefined) return { kind: 'different', detail: problem };
  return renderings.length === 1
    ? { kind: 'identical' }
    : { kind: 'stable-lines-identical', random: randomPartOf(renderings) };
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
  return text === undefined ? '(no line)' : JSON.stringify(text).slice(0, 300);
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

/** What is wrong with what is read out of equal files: the manifests' order, the hooks, and files that are no manifests. */
function orderDifference(helm: HelmAnswer, ours: OurAnswer, identical: boolean): string | undefined {
  if (helm.sortError !== undefined) {
    return ours.manifestError === undefined ? `Helm cannot read the manifests: ${helm.sortError}` : undefined;
  }
  if (ours.manifests === undefined) return undefined;
  const wanted = JSON.stringify(
    (helm.manifests ?? []).filter(({ kind: of }) => of !== '' && !of.endsWith('List')).map(titleOf),
  );
  const got = JSON.stringify(ours.manifests.map(titleOf));
  if (wanted !== got && !(helm.manifests ?? []).some(({ kind: of }) => of.endsWith('List'))) {
    return `order of installation\n      Helm: ${wanted}\n      ours: ${got}`;
  }
  const hooks = JSON.stringify((helm.hooks ?? []).map((hook) => factsOf(hook, identical)));
  const ourHooks = JSON.stringify((ours.hooks ?? []).map((hook) => factsOf(hook, identical)));
  return hooks === ourHooks ? undefined : `hooks\n      Helm: ${hooks}\n      ours: ${ourHooks}`;
}

/** What is known of a hook; its name may be random where not all lines are equal. */
function factsOf(hook: HelmHook, identical: boolean): unknown[] {
  const { source, name, weight, events, deletePolicies } = hook;
  return [source, identical ? name : '', weight, events, deletePolicies ?? []];
}

function titleOf({ source, kind }: { readonly source: string; readonly kind: string }): string {
  return `${source} ${kind}`;
}
