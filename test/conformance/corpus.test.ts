import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Case, findCases } from './rendering/cases.ts';
import { compareAnswers, type Verdict } from './comparison/compare.ts';
import { type Oracle, startOracles } from './rendering/oracle.ts';
import { renderOurs } from './rendering/ours.ts';
import { variantsOf } from './rendering/variants.ts';

const MUTATIONS = 4;

const cases = await findCases(join(import.meta.dirname, 'charts'));
let oracles: readonly Oracle[];

beforeAll(async () => {
  oracles = await startOracles();
}, 600_000);

afterAll(() => Promise.all(oracles.map((oracle) => oracle.stop())));

/** How the case came out beside each version of Helm. */
function verdictsOn(asked: Case): Promise<Verdict[]> {
  return Promise.all(
    oracles.map(async (oracle) => {
      const helm = await oracle.render(asked);
      return compareAnswers(helm, await renderOurs(asked, oracle.helmVersion), () => oracle.render(asked));
    }),
  );
}

/** Charts that are there to fail, and values files that a chart's schema refuses. */
function mustFail({ repository, title }: Case): boolean {
  if (repository.startsWith('schema-')) return title.includes('(') && !title.includes('(ci/valid-');
  return /^(fails|refused)-/.test(repository) && repository !== 'fails-yaml';
}

describe('each chart renders as by Helm, or fails as by Helm', () => {
  test.each(cases.map((asked) => [`${asked.repository}/${asked.title}`, asked] as const))(
    '%s',
    async (_title, asked) => {
      for (const verdict of await verdictsOn(asked)) {
        expect(verdict).toMatchObject({ kind: expect.stringMatching(/^(identical|both-fail)$/) });
        if (mustFail(asked)) expect(verdict.kind).toBe('both-fail');
      }
    },
  );
});

test.each(cases.map((asked) => [`${asked.repository}/${asked.title}`, asked] as const))(
  '%s: so with other releases, other clusters and other values',
  async (_title, asked) => {
    const variants = await variantsOf(asked, MUTATIONS);
    for (const variant of variants) {
      for (const verdict of await verdictsOn(variant)) {
        expect({ title: variant.title, values: variant.valuesText, verdict }).toMatchObject({
          verdict: { kind: expect.stringMatching(/^(identical|both-fail)$/) },
        });
      }
    }
  },
);

test('messages of failing charts are Helm’s own', async () => {
  // Helm 4 prints nothing for a field of `.Chart` that does not exist.
  const failing = cases.filter(({ repository }) => /^fails-(?!yaml|field)/.test(repository));
  expect(failing.length).toBeGreaterThan(12);
  for (const asked of failing) {
    for (const verdict of await verdictsOn(asked)) {
      expect(verdict.kind === 'both-fail' ? verdict.ours : verdict).toBe(verdict.kind === 'both-fail' && verdict.helm);
    }
  }
});
