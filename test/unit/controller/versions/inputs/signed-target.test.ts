import { expect, test } from '@jest/globals';
import { signedTarget } from '../../../../../controller/versions/inputs/verification.ts';
import type { Target } from '../../../../../controller/versions/target.ts';
import type { Observed } from '../../../../../controller/pass/observed.ts';
import type { ChartSignature } from '../../../../../crds/index.ts';
import { CHART, history, release } from '../../releases.ts';

const SIGNED: ChartSignature = { provider: 'Cosign', key: 'keys', fingerprint: 'sha256:0' };

/** What is done, in order, to bring a Release that asks for a signature to a recorded version. */
async function stepsOf(recorded: ReturnType<typeof history>): Promise<string[]> {
  const steps: string[] = [];
  const verify = { provider: 'Cosign', secretRef: { name: 'keys' } } as const;
  const observed = {
    release: release({ chart: { ...CHART, verify } }),
    verify: { provider: 'Cosign', keys: [] },
  } as unknown as Observed;
  const signatureOf = async (): Promise<ChartSignature> => {
    steps.push('asked the registry');
    return SIGNED;
  };
  const read = async (): Promise<Target> => {
    steps.push('read the record');
    return { version: 1, history: recorded } as Target;
  };
  const { verified } = await signedTarget({ charts: { signatureOf } }, observed, recorded, read);
  expect(verified).toEqual(SIGNED);
  return steps;
}

test('the registry is asked for a signature before the record is in memory', async () => {
  expect(await stepsOf(history(1))).toEqual(['asked the registry', 'read the record']);
});

test('a chart that came from no registry has no signature', async () => {
  const { spec, ...one } = history(1);
  await expect(stepsOf({ ...one, spec: { ...spec, chart: {} } })).rejects.toMatchObject({
    code: 'ChartVerificationFailed',
  });
});
