import { expect, test } from '@jest/globals';
import { releasesAffectedByPush } from '../../../../controller/charts/pushes.ts';
import type { ChartSpec, Reason, Release } from '../../../../crds/index.ts';
import { release } from '../releases.ts';

const PLACE = { host: 'registry.example.com', path: 'charts/web' };

const releaseOf = (chart: ChartSpec, reason?: Reason): Release => {
  const made = release({ chart });
  const ready = { type: 'Ready', status: 'False', reason, message: '', lastTransitionTime: '' };
  return reason === undefined ? made : ({ ...made, status: { conditions: [ready] } } as Release);
};
const isConcerned = (chart: ChartSpec, reason?: Reason): boolean =>
  releasesAffectedByPush([PLACE], [releaseOf(chart, reason)]).length === 1;

const OCI = { registry: 'oci://registry.example.com/charts', name: 'web' };

test.each<[string, ChartSpec]>([
  ['a range', { ...OCI, version: '^1.0.0' }],
  ['no version', OCI],
  ['a tag', { ...OCI, version: 'latest' }],
  ['the registry written differently', { ...OCI, registry: 'oci://Registry.example.com:443/charts/' }],
])('%s follows the push', (_, chart) => expect(isConcerned(chart)).toBe(true));

test.each<[string, ChartSpec]>([
  ['an exact version', { ...OCI, version: '1.0.0' }],
  ['a digest', { ...OCI, digest: `sha256:${'0'.repeat(64)}` }],
  ['another chart', { ...OCI, name: 'other' }],
  ['another space', { ...OCI, registry: 'oci://registry.example.com/others' }],
  ['another host', { ...OCI, registry: 'oci://registry.example.com:5000/charts' }],
  ['an inline chart', { inline: '' }],
  ['a reference that leads nowhere', { registry: 'oci://registry.example.com/Charts', name: 'web' }],
])('%s does not follow the push', (_, chart) => expect(isConcerned(chart)).toBe(false));

test('an exact version that was not found is waited for', () => {
  expect(isConcerned({ ...OCI, version: '1.0.0' }, 'ChartVersionNotFound')).toBe(true);
  expect(isConcerned({ ...OCI, version: '1.0.0' }, 'TemplateFailed')).toBe(false);
});
