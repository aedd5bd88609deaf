import { ChartError, DEFAULT_HELM_VERSION, type JsonObject } from '../../../chart-renderer/index.ts';
import { toJson } from '../../../golang/json/index.ts';
import type { Case } from './cases.ts';
import { mutatedValues } from '../random/mutations.ts';
import { loadSource } from './ours.ts';
import { Dice } from '../random/dice.ts';
import { INSTALLATION, OTHER_SETTINGS } from './settings.ts';

/** The case in the other settings, and with so many other values of the chart; the same ones each time. */
export async function variantsOf(asked: Case, mutations: number): Promise<Case[]> {
  const elsewhere = OTHER_SETTINGS.map((setting) => ({ ...asked, setting, title: `${asked.title} [${setting.name}]` }));
  return [...elsewhere, ...(await mutationsOf(asked, mutations))];
}

/** The case with so many other values of the chart, each in one of the settings; the same ones each time. */
export async function mutationsOf(asked: Case, mutations: number): Promise<Case[]> {
  if (mutations === 0) return [];
  const defaults = await defaultsOf(asked);
  const dice = new Dice(seedOf(`${asked.repository} ${asked.title}`));
  return Array.from({ length: mutations }, (_none, i) => ({
    ...asked,
    setting: dice.pick([INSTALLATION, ...OTHER_SETTINGS]),
    title: `${asked.title} [mutation ${i}]`,
    valuesText: mutatedValues(defaults, dice),
  }));
}

/** Those of a chart that does not load are empty: what both sides say of it is part of the comparison. */
async function defaultsOf({ chart }: Case): Promise<JsonObject> {
  try {
    return toJson((await loadSource(chart, DEFAULT_HELM_VERSION)).values) as JsonObject;
  } catch (error) {
    if (error instanceof ChartError) return {};
    throw error;
  }
}

function seedOf(text: string): number {
  return Buffer.from(text).reduce((seed, byte) => (Math.imul(seed, 31) + byte) | 0, 7);
}
