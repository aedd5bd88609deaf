import { describe, expect, test } from '@jest/globals';
import { frameOf, renderFiles, type TemplateError } from '../../../chart-renderer/index.ts';
import { loadChart } from '../../../chart-renderer/index.ts';
import { buildChart } from '../../support/charts/chart-builder.ts';

/** The frame of the error by which a template fails. */
async function frameBy(template: string): Promise<string[]> {
  const chart = await loadChart(buildChart({ name: 'app', templates: { 'x.yaml': template } }));
  try {
    renderFiles(chart, {
      release: { name: 'r', namespace: 'ns', revision: 1, isInstall: true, isUpgrade: false, service: 'Helm' },
      values: {},
      capabilities: { kubeVersion: '1.34.0', apiVersions: [] },
    });
  } catch (error) {
    const { position } = error as TemplateError;
    if (position !== undefined) return frameOf(position).split('\n');
  }
  throw new Error('the template did not fail at a place');
}

describe('the caret', () => {
  test('points at what failed', async () => {
    expect(await frameBy('a: 1\nb: {{ .Values.x.y }}')).toEqual(['  2 | b: {{ .Values.x.y }}', '    |              ^']);
  });

  test('is placed correctly after multi-byte characters and tabs', async () => {
    expect(await frameBy('\té: {{ fail "no" }}')).toEqual(['  1 | \té: {{ fail "no" }}', '    | \t      ^']);
  });

  test('is near the middle of the shown part of a long line', async () => {
    const [shown, caret] = await frameBy(`${'x'.repeat(1000)}{{ fail "no" }}${'y'.repeat(1000)}`);
    expect(shown).toHaveLength('  1 | '.length + 120);
    expect(shown?.slice((caret?.length ?? 0) - 1)).toMatch(/^fail "no"/);
  });
});

test('is left out when there is no column', () => {
  expect(frameOf({ template: 't', line: 12, column: undefined, snippet: 'a' })).toBe('  12 | a');
});
