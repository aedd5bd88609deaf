import { describe, expect, test } from '@jest/globals';
import { requireNoLoss } from '../../../../../controller/versions/cluster/render-changed.ts';
import type { VersionRecord } from '../../../../../records/index.ts';

type Manifest = Pick<VersionRecord, 'objects'>;

/** Objects such as `a.io/v1 Kind/name`. */
function manifest(...texts: string[]): Manifest {
  const objects = texts.map((text) => {
    const [, apiVersion = '', kind = '', name = ''] = /^(\S+) (\w+)\/(\S+)$/.exec(text) ?? [];
    return { source: 'web/templates/all.yaml', object: { apiVersion, kind, metadata: { name } } };
  });
  return { objects };
}

const SERVED = ['a.io/Monitor', 'c.io/Monitor', '/ConfigMap'];
/** Its server is silent, or its definition is there and serves nothing. */
const MAY_BE_THERE = ['b.io/Monitor'];

async function refusal(inForce: Manifest | undefined, next: Manifest): Promise<unknown> {
  const discovery = {
    resourceOfKind: async (group: string, kind: string) => {
      const isServed = SERVED.includes(`${group}/${kind}`);
      const names = { kind, plural: 'x', namespaced: true, verbs: [], hasStatus: false };
      return Promise.resolve(isServed ? { group, version: 'v1', ...names } : undefined);
    },
    mayHaveObjects: async (group: string, kind: string) => Promise.resolve(MAY_BE_THERE.includes(`${group}/${kind}`)),
  };
  return requireNoLoss(discovery, inForce, next).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('a version for a changed cluster is refused', () => {
  test.each<[string, string, string[], string]>([
    ['if it lacks an object of a kind that is served', 'v1 ConfigMap/x', [], 'later'],
    ['if it lacks one whose kind may come back with its objects', 'b.io/v1 Monitor/x', [], 'soon'],
    ['if it has one of that name in another group instead', 'a.io/v1 Monitor/x', ['c.io/v1 Monitor/x'], 'later'],
  ])('%s', async (_title, lacking, others, retry) => {
    const error = await refusal(manifest('v1 ConfigMap/kept', lacking), manifest('v1 ConfigMap/kept', ...others));
    expect(error).toMatchObject({ code: 'Refused', retry });
    expect((error as Error).message).toContain(lacking.split(' ')[1]);
  });

  test('if the version in force is unknown', async () => {
    expect(await refusal(undefined, manifest('v1 ConfigMap/x'))).toMatchObject({ code: 'Refused' });
  });
});

test('a version for a changed cluster may lack objects of a removed API, and have objects in another version of theirs', async () => {
  expect(await refusal(manifest('gone.io/v1 Monitor/x'), manifest())).toBeUndefined();
  expect(await refusal(manifest('a.io/v1beta1 Monitor/x'), manifest('a.io/v1 Monitor/x'))).toBeUndefined();
});
