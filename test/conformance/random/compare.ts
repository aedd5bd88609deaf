import type { Case } from '../cases.ts';
import type { Oracle } from '../oracle.ts';
import { renderOurs } from '../ours.ts';
import { VALUES_TEXT } from './operands.ts';

/** What both made of a template: its output or the error. */
export interface Outcome {
  readonly template: string;
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

/** Renders the template by both, in a chart of its own. */
export async function renderByBoth(oracle: Oracle, template: string): Promise<Outcome> {
  const files = {
    'Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n',
    'values.yaml': VALUES_TEXT,
    'templates/_h.tpl': PARTIALS,
    'templates/t.txt': template,
  };
  const asked: Case = { repository: '', title: '', valuesText: '', chart: { path: '', files, extras: [] } };
  const helm = await oracle.render(asked);
  const ours = await renderOurs(asked);
  return { template, helm: helm.error ?? helm.files?.[FILE], ours: ours.error ?? ours.files?.[FILE] };
}

/** Whether both made the same of it, as far as that is compared. */
export function isSame({ helm, ours }: Outcome): boolean {
  return helm === ours || NOT_COMPARED.test(helm ?? '');
}
