import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { caseOf } from './cases.ts';
import type { Oracle } from './oracle.ts';
import { renderOurs } from './ours.ts';

/** What one value came to in both engines. */
export interface Probed {
  readonly value: unknown;
  readonly helm: string;
  readonly ours: string;
}

/** Runs a template's expression on each of the values, which stand in its `.`, by Helm and by us; answers are in JSON. */
export async function probe(oracle: Oracle, expression: string, values: readonly unknown[]): Promise<Probed[]> {
  const path = await writeChart(`{{ range .Values.cases }}{{ toJson (${expression}) }}{{ "\\n" }}{{ end }}`);
  try {
    const asked = caseOf({ path, extras: [] }, textOf(values), expression);
    const helm = linesOf(await oracle.render(asked));
    const ours = linesOf(await renderOurs(asked, oracle.helmVersion));
    return values.map((value, i) => ({ value, helm: helm[i] ?? '', ours: ours[i] ?? '' }));
  } finally {
    await rm(path, { recursive: true });
  }
}

async function writeChart(template: string): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'probe-'));
  await mkdir(join(path, 'templates'));
  await writeFile(join(path, 'Chart.yaml'), 'apiVersion: v2\nname: probe\nversion: 1.0.0\n');
  await writeFile(join(path, 'templates', 'probe.txt'), template);
  return path;
}

/** JSON with escapes for what YAML does not take as it is. */
function textOf(values: readonly unknown[]): string {
  return JSON.stringify({ cases: values }).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function linesOf(answer: { readonly files?: Readonly<Record<string, string>>; readonly error?: string }): string[] {
  const text = answer.files?.['probe/templates/probe.txt'];
  if (text === undefined) throw new Error(`the probe did not render: ${answer.error}`);
  return text.split('\n');
}
