import { ChartError } from '../../chart-renderer/index.ts';
import { positionalsOf, readArguments } from '../command.ts';
import type { Command, ExitCode } from '../command.ts';
import { HELM_VERSION_OPTION, helmVersionOf } from '../helm-version.ts';
import { VALUES_OPTIONS, givenValues } from '../release/values.ts';
import { printable, printableLines } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { counted } from '../words/counted.ts';
import { localChart } from './chart-source.ts';
import { lintCases } from './lint-cases.ts';
import { findingsOf, findingsWith } from './lint-findings.ts';
import type { Finding } from './lint-findings.ts';

const KUBE_VERSION = 'v1.36.0';
/** The stable APIs that a cluster of that version has. */
const API_VERSIONS = [
  'v1',
  'admissionregistration.k8s.io/v1',
  'apiextensions.k8s.io/v1',
  'apiregistration.k8s.io/v1',
  'apps/v1',
  'authentication.k8s.io/v1',
  'authorization.k8s.io/v1',
  'autoscaling/v1',
  'autoscaling/v2',
  'batch/v1',
  'certificates.k8s.io/v1',
  'coordination.k8s.io/v1',
  'discovery.k8s.io/v1',
  'events.k8s.io/v1',
  'flowcontrol.apiserver.k8s.io/v1',
  'networking.k8s.io/v1',
  'node.k8s.io/v1',
  'policy/v1',
  'rbac.authorization.k8s.io/v1',
  'resource.k8s.io/v1',
  'scheduling.k8s.io/v1',
  'storage.k8s.io/v1',
];

/** `kubectl release lint`. */
export const usage = `Usage: kubectl release lint CHART [options]

Checks a chart (a directory or an archive) as package does, and renders it as the controller does: with each of its ci/*-values.yaml, or
else with its default values. Values must match the chart's schema, and the result must be Kubernetes objects.

  -f, --values FILE        values merged over those, "-" for standard input; may be repeated
  --set, --set-string, --set-json, --set-file, --set-literal   as in Helm
  --kube-version VERSION   the cluster's version; default: ${KUBE_VERSION}
  --api-versions API       an API that the cluster has besides Kubernetes' own, such as cert-manager.io/v1; may be repeated
  --helm-version VERSION   v3: read and render it as Helm 3 does; default: v4
  --strict                 fail on warnings too

Exits 1 if there are errors.`;

/** Its options, for `readArguments`. */
export const options = {
  ...VALUES_OPTIONS,
  'kube-version': { type: 'string', default: KUBE_VERSION },
  'api-versions': { type: 'string', multiple: true, default: [] as string[] },
  ...HELM_VERSION_OPTION,
  strict: { type: 'boolean', default: false },
} as const;

/** Prints what is wrong with a chart; 1 for errors. */
export const run: Command = async (args, terminal) => {
  const { values: flags, positionals } = readArguments(args, options);
  const [path = ''] = positionalsOf(positionals, 1, ['CHART']);
  const helmVersion = helmVersionOf(flags);
  const given = await givenValues(flags, helmVersion);
  const apiVersions = [...API_VERSIONS, ...flags['api-versions']];
  const capabilities = { kubeVersion: flags['kube-version'], apiVersions };
  try {
    const { chart } = await localChart(path, helmVersion);
    const { name, version, type } = chart.metadata;
    const cases = type === 'library' ? [] : await lintCases(path, chart, given);
    const findings = findingsOf(chart);
    for (const each of cases) findings.push(...(await findingsWith(chart, each, capabilities)));
    const linted =
      cases.length === 0 ? 'a library, not rendered' : `with ${cases.map(({ title }) => title).join(', ')}`;
    return report(`${name} ${version}, ${linted}`, findings, flags.strict, terminal);
  } catch (error) {
    if (!(error instanceof ChartError)) throw error;
    return report(path, [{ level: 'error', text: error.message }], flags.strict, terminal);
  }
};

function report(subject: string, findings: readonly Finding[], isStrict: boolean, terminal: Terminal): ExitCode {
  for (const { level, text, place } of findings) {
    const lines = printableLines(text.trim());
    terminal.out(`${terminal.style(level === 'error' ? 'bad' : 'pending', `${level}:`)} ${lines}`);
    if (place !== undefined) terminal.out(printableLines(place));
  }
  const errors = findings.filter(({ level }) => level === 'error').length;
  const isWrong = errors > 0 || (isStrict && findings.length > 0);
  const counts = `${counted(errors, 'error')}, ${counted(findings.length - errors, 'warning')}`;
  terminal.out(printable(`${subject}: ${findings.length === 0 ? 'nothing wrong' : counts}`));
  return isWrong ? 1 : 0;
}
