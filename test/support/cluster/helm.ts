import { ensureBinaries } from '../../control-plane/index.ts';
import { run, type Outcome } from './kubectl.ts';
import type { Story } from './story.ts';
import type { Tenant } from './tenant.ts';

/** The two versions of Helm that tests run. */
export type HelmProgram = 'v3' | 'v4';

/** Runs a command of real Helm in a tenant's namespace, with the administrator's rights; throws if it fails. */
export type Helm = (tenant: Tenant, ...args: readonly string[]) => Promise<string>;

/** Real Helm on the control plane of a story. */
export function helmOn({ controlPlane }: Pick<Story, 'controlPlane'>, version: HelmProgram): Helm {
  return async ({ namespace }, ...args) => {
    const { helm, helm4 } = await ensureBinaries(['helm', 'helm4']);
    const env = { KUBECONFIG: controlPlane.kubeconfig };
    const program = version === 'v3' ? helm : helm4;
    const outcome: Outcome = await run(program, [...args, '--namespace', namespace], { env });
    if (outcome.code !== 0) throw new Error(`helm ${args.join(' ')}: ${outcome.stderr}`);
    return outcome.stdout;
  };
}
