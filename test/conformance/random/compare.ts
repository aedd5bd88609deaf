import { caseOf } from '../rendering/cases.ts';
import type { HelmAnswer, Oracle } from '../rendering/oracle.ts';
import { type OurAnswer, renderOurs } from '../rendering/ours.ts';
import { VALUES_TEXT } from './operands.ts';

/** What both made of a template or chart: its output or the error. */
export interface Outcome {
  readonly source: string;
  readonly helm: string | undefined;
  readonly ours: string | undefined;
}

const PARTIALS = '{{ define "t1" }}<{{ . }}>{{ end }}{{ define "t2" }}{{ len . }}{{ end }}';
const FILE = 'c/templates/t.txt';

/**
 * What is not compared: addresses; the words for broken TOML, which `fromToml` returns as a value; the fields of Go structs that
 * `toYamlPretty` and `toToml` write, under Go's names for them; the patch version of Go.
 */
const NOT_COMPARED = /0x[0-9a-f]{9,}|toml: line|KubeVersion = |\bisroot: |kubeversion:|version: v1.34|go1\.\d+/;

/** A chart's files by name, and the user's values for it. */
export interface ChartSource {
  readonly files: Readonly<Record<string, string>>;
  readonly valuesText: string;
}

/** Renders the template by both, in a chart of its own. */
export async function renderByBoth(oracle: Oracle, template: string): Promise<Outcome> {
  const files = {
    'Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n',
    'values.yaml': VALUES_TEXT,
    'templates/_h.tpl': PARTIALS,
    'templates/t.txt': template,
  };
  const [helm, ours] = await answersTo(oracle, { files, valuesText: '' });
  return { source: template, helm: helm.error ?? helm.files?.[FILE], ours: ours.error ?? ours.files?.[FILE] };
}

/** Renders the chart by both. */
export async function renderChartByBoth(oracle: Oracle, chart: ChartSource): Promise<Outcome> {
  const [helm, ours] = await answersTo(oracle, chart);
  return { source: JSON.stringify(chart), helm: outcomeOf(helm), ours: outcomeOf(ours) };
}

async function answersTo(oracle: Oracle, { files, valuesText }: ChartSource): Promise<[HelmAnswer, OurAnswer]> {
  const asked = caseOf({ path: '', files, extras: [] }, valuesText);
  return [await oracle.render(asked), await renderOurs(asked, oracle.helmVersion)];
}

/** Of several dependencies that are wrong, Helm names any: it walks them in random order. */
function outcomeOf({ error, files = {} }: HelmAnswer | OurAnswer): string {
  return (
    error?.replace(/^(.*type mismatch on|error unpacking subchart) .*/, '$1') ??
    JSON.stringify(
      Object.keys(files)
        .sort()
        .map((name) => [name, files[name]]),
    )
  );
}

/** Whether both made the same of it, as far as that is compared. */
export function isSame({ helm, ours }: Outcome): boolean {
  return helm === ours || NOT_COMPARED.test(helm ?? '') || isTooDeep(helm, ours);
}

/** Whether templates called each other without end: each stops them at a limit of its own. */
function isTooDeep(helm = '', ours = ''): boolean {
  return helm.includes('exceeded maximum template depth') && ours.includes('(limit maxDepth)');
}
