import type { ReleasePreview, ReleasePreviewSpec } from '../../../../crds/index.ts';
import { eventually } from '../../../support/eventually.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';

/** What a ReleasePreview is asked with: a spec of a Release as somebody writes it, without its defaults. */
export type AskedPreview = Pick<ReleasePreviewSpec, 'release'> & { readonly template?: { readonly spec: object } };

/** Creates a ReleasePreview, waits until it tells something, and returns it. */
export async function previewed({ kubectl }: Pick<Tenant, 'kubectl'>, spec: AskedPreview): Promise<ReleasePreview> {
  const preview = {
    apiVersion: 'coxswain.dev/v1alpha1',
    kind: 'ReleasePreview',
    metadata: { generateName: 'asked-' },
    spec,
  };
  const created = await kubectl.attempt(['create', '--filename=-', '--output=json'], {
    input: JSON.stringify(preview),
  });
  if (created.code !== 0) throw new Error(created.stderr);
  const { name } = (JSON.parse(created.stdout) as ReleasePreview).metadata;
  const look = async (): Promise<ReleasePreview> => kubectl.json<ReleasePreview>('get', 'relpreview', name);
  return eventually(look, ({ status }) => status?.observedGeneration !== undefined);
}

/** `Create ConfigMap/web`: what a preview says would become of each object. */
export function actionsOf({ status }: ReleasePreview): string[] {
  return (status?.objects ?? []).map(({ action, kind, name }) => `${action} ${kind}/${name}`);
}
