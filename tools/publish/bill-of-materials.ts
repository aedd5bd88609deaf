import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

type Component = { 'bom-ref': string; properties: { name: string; value: string }[] };

type Bill = {
  serialNumber?: string;
  metadata: { timestamp?: string; component: { name: string } };
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
};

/**
 * The packages that are shipped, with their versions, licenses and digests, as npm has them in package-lock.json: CycloneDX, without what
 * would be different each time.
 */
export async function billOfMaterials(root: string): Promise<string> {
  // With --omit=dev, npm leaves out what is shipped where a package for development needs it too.
  const args = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx'];
  const { stdout } = await promisify(execFile)('npm', args, { cwd: root, maxBuffer: 64 * 1024 * 1024 });
  const { serialNumber: _, ...bill } = JSON.parse(stdout) as Bill;
  const forDevelopment = new Set(bill.components.filter(isForDevelopment).map((component) => component['bom-ref']));
  const isShipped = (ref: string): boolean => !forDevelopment.has(ref);
  const { timestamp: _when, ...metadata } = bill.metadata;
  const shipped = {
    ...bill,
    metadata: { ...metadata, component: { ...metadata.component, name: 'coxswain' } },
    components: bill.components.filter((component) => isShipped(component['bom-ref'])),
    dependencies: bill.dependencies
      .filter(({ ref }) => isShipped(ref))
      .map((each) => ({ ...each, dependsOn: each.dependsOn.filter(isShipped) })),
  };
  return `${JSON.stringify(shipped, undefined, 2)}\n`;
}

function isForDevelopment({ properties }: Component): boolean {
  return properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true');
}
