/** `GET /api/charts?registry=oci://HOST/SPACE`. */
export type ChartNames = {
  charts: string[];
};

/** `GET /api/charts/versions?registry=…&chart=NAME`, newest first. */
export type ChartVersions = {
  versions: string[];
};

/** `GET /api/charts/show?registry=…&chart=NAME&version=V`. */
export type ChartView = {
  name: string;
  version: string;
  appVersion?: string;
  description?: string;
  /** Only an `http:` or `https:` address. */
  home?: string;
  readme: string;
  /** values.yaml, as it stands. */
  values: string;
  /** values.schema.json, if there is one. */
  schema?: unknown;
};
