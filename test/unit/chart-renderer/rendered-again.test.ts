import { expect, test } from '@jest/globals';
import { type Chart, type JsonObject, loadChart, renderFiles } from '../../../chart-renderer/index.ts';
import { Dice } from '../../conformance/random/dice.ts';
import { buildChart } from '../../support/charts/chart-builder.ts';

const LARGE = `metadata:\n  name: large\n  labels: {}\nlist:\n- a: 1\nitems:\n${'- key: "some\n    text"\n'.repeat(800)}`;
const SMALL = 'metadata:\n  name: small\n';

/** What a template does with a file that it reads; changes of it must be gone with the rendering. */
const USES = [
  '{{ $o.metadata.name }}',
  '{{ toJson $o.metadata }} {{ len $o }}',
  '{{ $_ := set $o.metadata "name" $.Values.text }}{{ toYaml $o.metadata }}',
  '{{ $_ := set $o.metadata "labels" (dict "a" $.Values.text) }}{{ toYaml $o.metadata }}',
  '{{ $_ := unset $o "metadata" }}{{ keys $o | sortAlpha }}',
  '{{ $_ := set (first (default list $o.list)) "a" $.Values.text }}{{ toYaml $o.list }}',
  '{{ toYaml (merge $o (dict "metadata" (dict "added" $.Values.text))).metadata }}',
  '{{ toYaml (mergeOverwrite $o (dict "metadata" (dict "name" $.Values.text))).metadata }}',
  '{{ $_ := set .Values "text" (toYaml $o.metadata) }}{{ .Values.text }}',
];
const FILES = ['large.yaml', 'small.yaml', 'missing.yaml'];

const templateOf = (dice: Dice): string =>
  Array.from(
    { length: 3 },
    () => `{{ with $o := .Files.Get "${dice.pick(FILES)}" | fromYaml }}${dice.pick(USES)}{{ end }}\n`,
  ).join('');

function chartOf(seed: number): Promise<Chart> {
  const dice = new Dice(seed);
  const subchart = (name: string): Record<string, string> => ({
    [`charts/${name}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`,
    [`charts/${name}/values.yaml`]: 'text: sub\n',
    [`charts/${name}/large.yaml`]: LARGE,
    [`charts/${name}/templates/_name.tpl`]: `{{ define "name" }}${name}{{ end }}`,
    [`charts/${name}/templates/a.yaml`]: templateOf(dice),
  });
  const dependency = (name: string): string => `- {name: ${name}, version: 1.0.0, condition: ${name}.enabled}\n`;
  return loadChart(
    buildChart({
      name: 'app',
      metadata: `dependencies:\n${dependency('one')}${dependency('two')}`,
      values: 'text: own\n',
      templates: {
        '_name.tpl': '{{ define "name" }}app{{ end }}',
        'a.yaml': `{{ include "name" . }}\n${templateOf(dice)}`,
      },
      files: { 'large.yaml': LARGE, 'small.yaml': SMALL, ...subchart('one'), ...subchart('two') },
    }),
  );
}

function filesOf(chart: Chart, values: JsonObject): unknown {
  const release = { name: 'r', namespace: 'ns', revision: 1, isInstall: true, isUpgrade: false, service: 'Helm' };
  try {
    return renderFiles(chart, { release, values, capabilities: { kubeVersion: '1.34.0', apiVersions: [] } }).files;
  } catch (error) {
    return (error as Error).message;
  }
}

test.each(Array.from({ length: 12 }, (_none, seed) => seed))(
  'a chart that was rendered before renders as one that was not, seed %i',
  async (seed) => {
    const chart = await chartOf(seed);
    const dice = new Dice(seed + 1_000);
    for (let time = 0; time < 4; time++) {
      const enabled = (): JsonObject => ({ enabled: dice.pick([true, false]) });
      const values = { text: dice.pick(['x', 'y']), one: enabled(), two: enabled() };
      expect(filesOf(chart, values)).toEqual(filesOf(await chartOf(seed), values));
    }
  },
);
