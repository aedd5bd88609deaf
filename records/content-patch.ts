import type { Release, ReleaseContent, Strategy } from '../crds/index.ts';
import { CONTENT_FIELDS } from './content.ts';

/** An operation of a JSON patch. */
export type ContentOperation = { op: 'add' | 'replace'; path: string; value: unknown } | { op: 'remove'; path: string };

/**
 * The JSON patch that makes the content of a Release's spec that of a version. What is control in it stays: `chart.verify`, which signatures
 * are asked for, and `keepFor` and `checks` of the strategy.
 * The API server refuses it, with Conflict, if the Release was edited since it was read.
 */
export function contentOperations({ metadata, spec }: Release, content: ReleaseContent): ContentOperation[] {
  const { verify } = spec.chart;
  const operations: ContentOperation[] = [
    // Makes the API server compare it with the stored one.
    { op: 'replace', path: '/metadata/resourceVersion', value: metadata.resourceVersion },
    { op: 'replace', path: '/spec/chart', value: { ...content.chart, ...(verify && { verify }) } },
  ];
  for (const field of CONTENT_FIELDS) {
    if (field === 'chart') continue;
    const value = field === 'strategy' ? strategyOf(spec, content) : content[field];
    if (value !== undefined) operations.push({ op: 'add', path: `/spec/${field}`, value });
    else if (spec[field] !== undefined) operations.push({ op: 'remove', path: `/spec/${field}` });
  }
  return operations;
}

/** How long a colour is kept is not restored, nor how it is checked: but where there is nothing to check it through, nothing is checked. */
function strategyOf({ strategy: now }: ReleaseContent, { strategy }: ReleaseContent): Strategy | undefined {
  const { keepFor, checks } = now ?? {};
  const isChecked = checks !== undefined && (strategy === undefined || strategy.preview !== undefined);
  if (keepFor === undefined && !isChecked) return strategy;
  return { ...(strategy ?? { type: 'Apply' }), ...(keepFor && { keepFor }), ...(isChecked && { checks }) };
}
