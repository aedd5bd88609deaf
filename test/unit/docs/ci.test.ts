import { beforeAll, describe, expect, test } from '@jest/globals';

import { release } from '../../../cli/release.ts';
import { readPipelines } from '../../support/ci-docs.ts';
import type { Pipelines } from '../../support/ci-docs.ts';
import { plainTerminal } from '../cli/plain-terminal.ts';

let pipelines: Pipelines;
let commands: string[];

beforeAll(async () => {
  pipelines = await readPipelines();
  commands = linesOf(pipelines.script).filter((line) => line.includes('kubectl '));
});

const linesOf = (text: string): string[] => text.split('\n').map((line) => line.trim());

/** What a pipeline runs, in order, wherever it says so. */
function runsOf(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(runsOf);
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) => {
    const isRun = name === 'run' || name === 'script';
    return isRun ? [value].flat().flatMap((text) => linesOf(String(text))) : runsOf(value);
  });
}

describe('docs/ci.md', () => {
  test('has a pipeline for GitHub Actions and one for GitLab CI', () => {
    expect(pipelines.yaml).toEqual([
      expect.objectContaining({ jobs: { release: expect.objectContaining({ steps: expect.any(Array) }) } }),
      { 'release chart': expect.objectContaining({ script: expect.any(Array) }) },
    ]);
  });

  test('runs the same commands in both of them', () => {
    expect(commands.map((line) => /kubectl release (\w+)/.exec(line)?.[1])).toEqual([
      'lint',
      'package',
      'push',
      'wait',
    ]);
    for (const pipeline of pipelines.yaml) {
      expect(runsOf(pipeline).filter((line) => line.includes('kubectl release'))).toEqual(commands);
    }
  });

  test('gives the scripts every variable that they use', () => {
    const used = new Set(commands.join('\n').match(/(?<=\$\{?)[A-Z_]+/g));
    for (const pipeline of pipelines.yaml) {
      const given = JSON.stringify(pipeline);
      expect([...used].filter((name) => name !== 'TOKEN_SERVER' && !new RegExp(`${name}[":=]`).test(given))).toEqual(
        [],
      );
    }
  });

  test('uses only options that the commands have', async () => {
    for (const line of commands) {
      const [, name = '', rest = ''] = /kubectl release (\w+)(.*)/.exec(line) ?? [];
      const terminal = plainTerminal();
      await release([name, '--help'], terminal);
      const unknown = (rest.match(/--[a-z-]+/g) ?? []).filter((option) => !terminal.written.out.includes(option));
      // kubectl's own options are in each usage by their short names.
      expect({ name, unknown: unknown.filter((option) => option !== '--namespace') }).toEqual({ name, unknown: [] });
    }
  });
});
