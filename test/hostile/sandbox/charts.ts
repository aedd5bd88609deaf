import type {
  ChartError,
  Rendering,
  Sandbox,
  SandboxRenderOptions,
  TemplateError,
} from '../../../chart-renderer/index.ts';
import {
  createSandbox,
  type JsonObject,
  type PackagedChart,
  type SandboxLookup,
} from '../../../chart-renderer/index.ts';
import { buildChart, type ChartParts } from '../../support/charts/chart-builder.ts';

/** An error that names the limit that was crossed. */
export const NAMED_LIMIT = /^Limit: .*\(limit (of the [\w: ]+|\w+)\)$/;

/** A ConfigMap, for charts that are to be hostile elsewhere. */
export const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n';

let count = 0;

/** Packaged bytes under a digest that no other chart of the test file has. */
export function packaged(bytes: Uint8Array): PackagedChart {
  count += 1;
  return { digest: `sha256:${count}`, read: () => [bytes] };
}

/** A chart of the given parts, or of one template. */
export function chartOf(parts: string | Omit<ChartParts, 'name'>): PackagedChart {
  const whole = typeof parts === 'string' ? { templates: { 'x.yaml': parts } } : parts;
  return packaged(buildChart({ name: 'app', ...whole }));
}

/** A Handlebars chart of one template and maybe partials. */
export function handlebarsChartOf(template: string, partials: Readonly<Record<string, string>> = {}): PackagedChart {
  return chartOf({ metadata: 'engine: handlebars\n', templates: { 'x.yaml.hbs': template, ...partials } });
}

/** A chart that runs until it is stopped from outside: the engine has no say in its loops. */
export const ENDLESS = handlebarsChartOf(
  `{{#each Values.list}}${'{{#each @root.Values.list}}'.repeat(5)}{{#if @root.none}}x{{/if}}${'{{/each}}'.repeat(6)}`,
);

/** The values that `ENDLESS` needs. */
export const FORTY: JsonObject = { list: Array<number>(40).fill(1) };

/** A sandbox for one chart that only the time limit stops. */
export function hasty(): Sandbox {
  return createSandbox({ workers: 1, limits: { timeoutMs: 1000 } });
}

/** What the charts of these tests are rendered for. */
export function optionsOf(values: JsonObject = {}, namespace = 'ns'): SandboxRenderOptions {
  return {
    release: { name: 'r', namespace, revision: 1, isInstall: true, isUpgrade: false, service: 'Helm' },
    values,
    capabilities: { kubeVersion: '1.34.0', apiVersions: ['v1'] },
  };
}

/** Renders a chart for `optionsOf` the values. */
export async function renderIn(
  sandbox: Sandbox,
  chart: PackagedChart,
  values: JsonObject = {},
  lookup?: SandboxLookup,
): Promise<Rendering> {
  return sandbox.render(chart, optionsOf(values), lookup);
}

/** The error that ends some work, as `code: message`. */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    const { code, message } = error as ChartError | TemplateError;
    return `${code}: ${message}`;
  }
  return 'no refusal';
}
