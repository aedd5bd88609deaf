import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { mergeValues, readValues } from '../../chart-renderer/index.ts';
import type { Chart, HelmVersion, JsonObject } from '../../chart-renderer/index.ts';
import { CliError, reasonOf } from '../errors.ts';

/** Values to render a chart with, and what they are called. */
export interface LintCase {
  readonly title: string;
  readonly values: JsonObject;
}

const CI_VALUES = /^ci\/[^/]+-values\.ya?ml$/;

/**
 * The cases of a chart: each `ci/*-values.yaml`, which chart-testing knows too, or where there are none the chart's defaults; the given
 * values go over each. For a directory they are read there, since `.helmignore` may leave them out of the chart. Throws CliError
 * Unreadable.
 */
export async function lintCases(path: string, chart: Chart, given: JsonObject): Promise<LintCase[]> {
  const files = (await stat(path)).isDirectory() ? await filesBelow(path) : filesIn(chart);
  if (files.length === 0) return [{ title: 'the default values', values: given }];
  return files.map(({ name, text }) => ({
    title: name,
    values: mergeValues(valuesOf(name, text, chart.helmVersion), given),
  }));
}

interface ValuesFile {
  name: string;
  text: string;
}

function filesIn({ files }: Chart): ValuesFile[] {
  return files
    .filter(({ name }) => CI_VALUES.test(name))
    .map(({ name, data }) => ({ name, text: Buffer.from(data).toString('utf8') }));
}

async function filesBelow(directory: string): Promise<ValuesFile[]> {
  const entries = await readdir(join(directory, 'ci')).catch(() => []);
  const names = entries.map((entry) => `ci/${entry}`).filter((name) => CI_VALUES.test(name));
  return Promise.all(
    names.toSorted().map(async (name) => ({ name, text: await readFile(join(directory, name), 'utf8') })),
  );
}

function valuesOf(name: string, text: string, helmVersion: HelmVersion): JsonObject {
  try {
    return readValues(text, { helmVersion });
  } catch (cause) {
    throw new CliError('Unreadable', `${name} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}
