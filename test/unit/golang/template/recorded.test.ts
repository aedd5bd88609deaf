import { readFileSync } from 'node:fs';

import { describe, expect, test } from '@jest/globals';

import { fromJson } from '../../../../golang/reflect/index.ts';
import { TemplateError, TemplateFile, TemplateSet } from '../../../../golang/template/index.ts';
import { FUNCTIONS } from './recorded/functions.ts';

interface RecordedCase {
  readonly template: string;
  readonly output?: string;
  readonly error?: string;
}

const lines = readFileSync(new URL('recorded/results.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');
const data: unknown = JSON.parse(lines[0] ?? '');
const cases = lines.slice(1).map((line) => JSON.parse(line) as RecordedCase);

function run(template: string): { output: string } | { error: string } {
  const set = new TemplateSet('gotpl', FUNCTIONS);
  try {
    set.add(new TemplateFile('c/t.yaml', template));
    return { output: set.execute('c/t.yaml', fromJson(data)).toWellFormed() };
  } catch (error) {
    if (error instanceof TemplateError) return { error: error.message };
    throw error;
  }
}

describe("the recorded behaviour of Go's text/template", () => {
  test('has thousands of cases', () => {
    expect(cases.length).toBeGreaterThan(3000);
  });

  test('is matched in output and errors', () => {
    for (const { template, ...expected } of cases)
      expect({ template, ...run(template) }).toEqual({ template, ...expected });
  });
});
