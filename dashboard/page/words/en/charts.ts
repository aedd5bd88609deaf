/** The charts of a registry, and installing one. */
export const charts = {
  charts: {
    title: 'Charts',
    registry: 'Registry',
    show: 'Show',
    filter: 'Filter charts',
    none: 'No registry is named yet',
    noneNext: 'Enter a space of an OCI registry, or the https address of a classic repository.',
    noCharts: 'No chart matches.',
    noVersions: 'This chart has no versions.',
    choose: 'Choose a chart.',
    version: 'Version',
    install: 'Install…',
    readme: 'README',
    values: 'values.yaml',
    schema: 'values.schema.json',
    name: 'Name of the release',
    namespace: 'Namespace',
    account: 'Service account (optional)',
    form: 'Values by form',
    more: 'The chart takes more values than the form has: see its values.yaml, and set them in YAML.',
    required: 'required',
    asChart: (fallback: string | undefined) =>
      fallback === undefined ? 'as the chart has it' : `${fallback} (of the chart)`,
  },
};
