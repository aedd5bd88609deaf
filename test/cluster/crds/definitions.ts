import { afterAll, beforeAll, expect } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { startControlPlane } from '../../control-plane/index.ts';
import type { ControlPlane } from '../../control-plane/index.ts';
import { eventually } from '../../support/eventually.ts';
import { established, kubectlFor } from '../../support/cluster/kubectl.ts';
import type { Kubectl, Outcome } from '../../support/cluster/kubectl.ts';
import { createTenant } from '../../support/cluster/tenant.ts';

const CRDS = fileURLToPath(new URL('../../../crds/', import.meta.url));

export const DIGEST = `sha256:${'a'.repeat(64)}`;
export const CHART = { registry: 'oci://charts.example/stable', name: 'podinfo', version: '6.7.1' };

/** A control plane that serves what crds/ defines, without a controller; set before the first test. */
export interface Definitions {
  kubectl: Kubectl;
  /** That of a tenant. */
  namespace: string;
  /** Sends an object to be validated and not stored. */
  check: (object: object) => Promise<Outcome>;
}

/** Starts such a control plane for the test file. */
export function useDefinitions(): Definitions {
  const definitions = {} as Definitions;
  let controlPlane: ControlPlane;
  beforeAll(async () => {
    controlPlane = await startControlPlane();
    const kubectl = kubectlFor(controlPlane);
    for (const name of ['releases', 'releasehistories', 'releasepreviews']) {
      await kubectl('apply', '--server-side', `--filename=${CRDS}${name}.yaml`);
      await established(kubectl, `${name}.coxswain.dev`);
    }
    const flags = ['--dry-run=server', '--validate=strict', '--filename=-'];
    Object.assign(definitions, {
      kubectl,
      namespace: await createTenant(kubectl),
      check: (object: object) => kubectl.attempt(['create', ...flags], { input: JSON.stringify(object) }),
    });
    // Discovery and the OpenAPI that kubectl explain reads follow a moment later.
    await eventually(
      () => kubectl('explain', 'releasehistory.spec'),
      (text) => expect(text).toContain('chunks'),
    );
  }, 1_200_000);
  afterAll(async () => controlPlane?.stop());
  return definitions;
}
