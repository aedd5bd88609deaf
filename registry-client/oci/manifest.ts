import { isDigest } from '../digest.ts';
import type { Digest } from '../digest.ts';
import { RegistryError } from '../errors.ts';
import { isObject, parseJsonObject } from '../json-object.ts';

/** Where content is and how large it is (OCI image specification, descriptor); any `urls` in it are ignored. */
export interface Descriptor {
  mediaType: string;
  digest: Digest;
  size: number;
}

/** What a manifest says of a chart. */
export interface ChartManifest {
  kind: 'manifest';
  config: Descriptor;
  chart: Descriptor;
  provenance: Descriptor | undefined;
  annotations: Record<string, unknown>;
}

/** An index: its image manifests that may be a chart's. */
export interface ManifestIndex {
  kind: 'index';
  candidates: Descriptor[];
}

/** A layer of any artifact. */
export interface Layer extends Descriptor {
  annotations: Record<string, unknown>;
}

/** A manifest that refers to another one (OCI image specification, `subject`); its type is empty where the list has none. */
export interface Referrer extends Layer {
  artifactType: string;
}

/** The media types of the OCI image specification that are asked for and written. */
export const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
export const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';
/** Helm's media types. */
export const CONFIG_TYPE = 'application/vnd.cncf.helm.config.v1+json';
export const CHART_TYPE = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';
export const PROVENANCE_TYPE = 'application/vnd.cncf.helm.chart.provenance.v1.prov';
const LEGACY_CHART_TYPE = 'application/tar+gzip';

const MAX_DESCRIPTORS = 64;
const MAX_CANDIDATES = 8;

/**
 * Reads a manifest or index. As Helm does, a chart must have Helm's configuration and a chart layer; unlike Helm, exactly one.
 * Throws `InvalidManifest`.
 */
export function parseManifest(bytes: Uint8Array): ChartManifest | ManifestIndex {
  const document = parseJsonObject(bytes, 'InvalidManifest', 'the manifest');
  if (document['schemaVersion'] !== 2) throw invalid('its schemaVersion is not 2');
  const isIndex = document['mediaType'] === INDEX_TYPE || Array.isArray(document['manifests']);
  return isIndex ? parseIndex(document) : parseChartManifest(document);
}

/** Tells whether a manifest describes a Helm chart, from the type of its configuration. */
export function isChart(bytes: Uint8Array): boolean {
  const { config } = parseJsonObject(bytes, 'InvalidManifest', 'the manifest');
  return isObject(config) && config['mediaType'] === CONFIG_TYPE;
}

/** Reads the layers of the manifest of any artifact; throws `InvalidManifest`. */
export function parseLayers(bytes: Uint8Array): Layer[] {
  const { layers } = parseJsonObject(bytes, 'InvalidManifest', 'the manifest');
  return listOf(layers, 'layers').map((layer) => ({ ...descriptorOf(layer), annotations: annotationsIn(layer) }));
}

/** Reads a list of referrers (OCI distribution specification, "Listing Referrers"); throws `InvalidManifest`. */
export function parseReferrers(bytes: Uint8Array): Referrer[] {
  const { manifests } = parseJsonObject(bytes, 'InvalidManifest', 'the list of referrers');
  return listOf(manifests, 'manifests').map((entry) => {
    const artifactType = typeof entry['artifactType'] === 'string' ? entry['artifactType'] : '';
    return { ...descriptorOf(entry), artifactType, annotations: annotationsIn(entry) };
  });
}

function parseIndex(document: Record<string, unknown>): ManifestIndex {
  const entries = listOf(document['manifests'], 'manifests');
  const candidates = entries
    .filter((entry) => entry['mediaType'] === MANIFEST_TYPE)
    .filter(({ artifactType }) => artifactType === undefined || artifactType === CONFIG_TYPE)
    .map(descriptorOf);
  if (candidates.length === 0) throw invalid('it is an index without an image manifest that could be a chart');
  if (candidates.length > MAX_CANDIDATES) {
    throw invalid(
      `it is an index of ${candidates.length} manifests, more than the ${MAX_CANDIDATES} that are looked into`,
    );
  }
  return { kind: 'index', candidates };
}

function parseChartManifest(document: Record<string, unknown>): ChartManifest {
  const { config } = document;
  if (!isObject(config) || config['mediaType'] !== CONFIG_TYPE) {
    throw invalid(`its config is not of the type ${CONFIG_TYPE}: this is not a Helm chart`);
  }
  const layers = listOf(document['layers'], 'layers');
  const charts = layers.filter(({ mediaType }) => mediaType === CHART_TYPE || mediaType === LEGACY_CHART_TYPE);
  const [chart] = charts;
  if (chart === undefined || charts.length > 1) throw invalid(`it has ${charts.length} chart layers instead of one`);
  const provenance = layers.find(({ mediaType }) => mediaType === PROVENANCE_TYPE);
  return {
    kind: 'manifest',
    config: descriptorOf(config),
    chart: descriptorOf(chart),
    provenance: provenance === undefined ? undefined : descriptorOf(provenance),
    annotations: annotationsIn(document),
  };
}

function annotationsIn({ annotations }: Record<string, unknown>): Record<string, unknown> {
  return isObject(annotations) ? annotations : {};
}

function listOf(value: unknown, field: string): Record<string, unknown>[] {
  if (!Array.isArray(value) || !value.every(isObject)) throw invalid(`its ${field} are not a list of descriptors`);
  if (field === 'layers' && value.length > MAX_DESCRIPTORS) throw invalid(`it has ${value.length} layers`);
  return value;
}

function descriptorOf({ mediaType, digest, size }: Record<string, unknown>): Descriptor {
  if (typeof mediaType !== 'string' || !isDigest(digest)) {
    throw invalid('a descriptor in it has no media type or no sha256 digest');
  }
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw invalid(`the size of ${digest} is not a number of bytes`);
  }
  return { mediaType, digest, size };
}

function invalid(reason: string): RegistryError {
  return new RegistryError({ code: 'InvalidManifest', reason: `the manifest cannot be used: ${reason}` });
}
