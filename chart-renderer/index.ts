// Charts and their rendering: chart bytes and values in, Kubernetes objects out, as Helm renders them.
// Reads a chart from memory or a directory and nothing else: no network, no cluster, no clock of its own; what templates may ask of
// the cluster comes through the caller's `lookup`. It must not know of Releases, registries or tenants.
export type { LoadLimits } from './archive/limits.ts';
export { LOAD_LIMITS } from './archive/limits.ts';
export type { ChartFile } from './archive/file.ts';
export type { Chart, ChartDependency, ChartMetadata, Maintainer } from './chart/chart.ts';
export { loadChart } from './chart/load.ts';
export type { PackageOptions, PackedChart } from './chart/package.ts';
export { packageChart } from './chart/package.ts';
export type { PublishedMetadata } from './chart/published.ts';
export { publishedMetadata } from './chart/published.ts';
export type { Remembered } from './functions/index.ts';
export { forgetting } from './functions/index.ts';
export type { Capabilities } from './environment/capabilities.ts';
export type { ReleaseInfo } from './environment/release.ts';
export type { ChartErrorCode, ChartErrorFacts } from './errors.ts';
export { ChartError } from './errors.ts';
export type { SourcePosition, TemplateErrorCode } from './go-template/index.ts';
export { TemplateError } from './go-template/index.ts';
export type { Json, JsonObject } from './json.ts';
export { isJsonObject } from './json.ts';
export type { RenderLimits } from './limits.ts';
export { RENDER_LIMITS } from './limits.ts';
export type { HookEvent, HookObject } from './manifest/hooks.ts';
export type { SourcedObject } from './manifest/objects.ts';
export type { Lookup, MemoryOptions, RenderOptions } from './prepare.ts';
export type { RenderedFiles, Rendering } from './render.ts';
export { renderChart, renderFiles } from './render.ts';
export type { SandboxLimits } from './sandbox/limits.ts';
export { SANDBOX_LIMITS } from './sandbox/limits.ts';
export type { ChartFacts, PackagedChart, SandboxRenderOptions } from './sandbox/messages.ts';
export type { Sandbox, SandboxLookup, SandboxOptions } from './sandbox/sandbox.ts';
export { createSandbox } from './sandbox/sandbox.ts';
export { mergeValues } from './values/merge.ts';
export { setPath } from './values/set-path.ts';
export type { AssignmentKind } from './values/strvals.ts';
export { setValues } from './values/strvals.ts';
export { decodeYamlTable, readYaml, writeYaml, YamlError } from './yaml/index.ts';
