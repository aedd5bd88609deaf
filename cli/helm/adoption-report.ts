import type { FieldChange } from '../../resources/index.ts';
import { hasDifferences, isPossible, type AdoptionPlan } from './adoption-plan.ts';
import type { EarlierRevision, FoundRevisions } from './earlier-revisions.ts';
import { printable, type Terminal } from '../terminal.ts';
import { changeLines } from '../release/diff/change-lines.ts';

/** What `kubectl release adopt` prints of a plan. */
export function adoptionReport(plan: AdoptionPlan, earlier: FoundRevisions, terminal: Terminal): string {
  const { release, chartSource, objects, kept, missing, foreign, unknown } = plan;
  const { name, version: chartVersion } = release.chart.metadata;
  const title = terminal.style('heading', printable(`${release.namespace}/${release.name}`));
  const values = kept === 0 ? '' : `; ${kept} values that the chart generated are kept`;
  const lines = [
    `${title}  revision ${release.version} of Helm, ${printable(`${name}-${chartVersion}`)}, becomes version ${release.version}`,
    printable(`  chart: ${chartSource}`),
    `  takes over ${objects} objects${values}`,
    ...listed('earlier revisions that become versions too', earlier.found.map(versionOf)),
    ...listed('earlier revisions that are left out', earlier.leftOut),
    ...listed('not this Helm release’s, so that nothing is taken over', foreign),
    ...plan.refusals.map((message) => printable(`  refused: ${message}`)),
    ...listed('not there, so that they are created', missing),
    ...listed('not known what would change', unknown),
    ...section('what Helm applied', 'what the chart gives here', plan.rendered, terminal),
    ...section('what is live', 'what is applied', plan.applied, terminal),
  ];
  return [...lines, ...(hasDifferences(plan) || !isPossible(plan) ? [] : ['no differences'])].join('\n');
}

function versionOf({ release }: EarlierRevision): string {
  return String(release.version);
}

function listed(what: string, titles: readonly string[]): string[] {
  return titles.length === 0 ? [] : [`  ${what}: ${printable(titles.join('; '))}`];
}

function section(before: string, after: string, changes: readonly FieldChange[], terminal: Terminal): string[] {
  if (changes.length === 0) return [];
  const heads = [terminal.style('removed', `--- ${before}`), terminal.style('added', `+++ ${after}`)];
  return [...heads, ...changeLines(changes, terminal)];
}
