import type { HelmAnswer, HelmHook } from './oracle.ts';
import type { OurAnswer } from './ours.ts';

/** How a case came out. */
export type Verdict =
  | { readonly kind: 'identical' | 'stable-lines-identical' }
  | { readonly kind: 'both-fail'; readonly helm: string; readonly ours: string }
  | { readonly kind: 'different' | 'only-helm-fails' | 'only-we-fail'; readonly detail: string };

/** Compares two answers to one case; `again` gives Helm's answer to the same case once more, to tell what is random in it. */
export async function compareAnswers(
  helm: HelmAnswer,
  ours: OurAnswer,
  again: () => Promise<HelmAnswer>,
): Promise<Verdict> {
  if (helm.error !== undefined && ours.error !== undefined)
    return { kind: 'both-fail', helm: helm.error, ours: ours.error };
  if (helm.error !== undefined) return { kind: 'only-helm-fails', detail: `Helm: ${helm.error}` };
  if (ours.error !== undefined) return { kind: 'only-we-fail', detail: `ours: ${ours.error}` };
  const wanted = helm.files ?? {};
  const got = ours.files ?? {};
  const difference = firstDifference(wanted, got, () => true);
  if (difference === undefined) return orderVerdict(helm, ours, 'identical');
  const second = (await again()).files ?? {};
  if (firstDifference(wanted, second, () => true) === undefined) return { kind: 'different', detail: difference };
  const stable = firstDifference(wanted, got, (file, line, lines) => {
    const other = (second[file] ?? '').split('\n');
    return other.length === lines && other[line] === (wanted[file] ?? '').split('\n')[line];
  });
  return stable === undefined
    ? orderVerdict(helm, ours, 'stable-lines-identical')
    : { kind: 'different', detail: stable };
}

type Counts = (file: string, line: number, lines: number) => boolean;
type Files = Readonly<Record<string, string>>;

/** The first line that counts and differs, with both versions of it. */
function firstDifference(wanted: Files, got: Files, counts: Counts): string | undefined {
  for (const file of [...new Set([...Object.keys(wanted), ...Object.keys(got)])].sort()) {
    const left = wanted[file];
    const right = got[file];
    if (left === right) continue;
    if (left === undefined) return `${file}: only ours has this file`;
    if (right === undefined) return `${file}: only Helm has this file`;
    const difference = differenceInFile(left.split('\n'), right.split('\n'), (line, lines) =>
      counts(file, line, lines),
    );
    if (difference !== undefined) return `${file}:${difference}`;
  }
  return undefined;
}

function differenceInFile(
  left: string[],
  right: string[],
  counts: (line: number, lines: number) => boolean,
): string | undefined {
  for (let line = 0; line < Math.max(left.length, right.length); line++) {
    if (left[line] === right[line] || !counts(line, left.length)) continue;
    const show = (text: string | undefined): string =>
      text === undefined ? '(no line)' : JSON.stringify(text).slice(0, 300);
    return `${line + 1}\n      Helm: ${show(left[line])}\n      ours: ${show(right[line])}`;
  }
  return undefined;
}

/** Checks what is read out of equal files: the manifests' order, the hooks, and files that are no manifests. */
function orderVerdict(helm: HelmAnswer, ours: OurAnswer, kind: 'identical' | 'stable-lines-identical'): Verdict {
  if (helm.sortError !== undefined) {
    if (ours.manifestError !== undefined) return { kind };
    return { kind: 'different', detail: `Helm cannot read the manifests: ${helm.sortError}` };
  }
  if (ours.manifests === undefined) return { kind };
  const wanted = JSON.stringify(
    (helm.manifests ?? []).filter(({ kind: of }) => of !== '' && !of.endsWith('List')).map(titleOf),
  );
  const got = JSON.stringify(ours.manifests.map(titleOf));
  if (wanted !== got && !(helm.manifests ?? []).some(({ kind: of }) => of.endsWith('List'))) {
    return { kind: 'different', detail: `order of installation\n      Helm: ${wanted}\n      ours: ${got}` };
  }
  const hooks = JSON.stringify((helm.hooks ?? []).map((hook) => factsOf(hook, kind)));
  const ourHooks = JSON.stringify((ours.hooks ?? []).map((hook) => factsOf(hook, kind)));
  if (hooks === ourHooks) return { kind };
  return { kind: 'different', detail: `hooks\n      Helm: ${hooks}\n      ours: ${ourHooks}` };
}

/** What is known of a hook; its name may be random where not all lines are equal. */
function factsOf(hook: HelmHook, kind: 'identical' | 'stable-lines-identical'): unknown[] {
  const { source, name, weight, events, deletePolicies } = hook;
  return [source, kind === 'identical' ? name : '', weight, events, deletePolicies ?? []];
}

function titleOf({ source, kind }: { readonly source: string; readonly kind: string }): string {
  return `${source} ${kind}`;
}
