import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';

/** How the shipped manifest starts the controller's container. */
export type ShippedController = {
  /** Its arguments, except those that name a port, a file or a Service of the pod's. */
  readonly args: readonly string[];
  /** Its environment, except what Kubernetes fills in. */
  readonly env: Readonly<Record<string, string>>;
};

type Container = { args: string[]; env: { name: string; value?: string }[] };
type Deployment = { kind: string; spec: { template: { spec: { containers: Container[] } } } };

const REPOSITORY = join(import.meta.dirname, '..', '..', '..');
const OF_THE_POD = /^--((?:health|metrics)-port|webhook-(port|secret-file|service))=/;

/** Reads `deploy/controller.yaml`, of this checkout or of another folder. */
export function shippedController(root: string = REPOSITORY): ShippedController {
  const text = readFileSync(join(root, 'deploy', 'controller.yaml'), 'utf8');
  const documents = loadAll(text) as Deployment[];
  const [container] = documents.find(({ kind }) => kind === 'Deployment')?.spec.template.spec.containers ?? [];
  if (!container) throw new Error('deploy/controller.yaml has no Deployment with a container');
  return {
    args: container.args.filter((arg) => !OF_THE_POD.test(arg)),
    env: Object.fromEntries(container.env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]))),
  };
}
