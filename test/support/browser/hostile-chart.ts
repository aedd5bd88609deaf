import type { ChartParts } from '../charts/chart-builder.ts';

/** What a page that took texts for HTML would run, or ask for. */
export const SCRIPT = '<script>globalThis.trapped = true</script><img src=x onerror="globalThis.trapped = true">';

const ESCAPES = '\u001b[31mred\u001b]8;;https://trap.example\u0007link\u001b]8;;\u0007 \u202egnp.exe\u202c';

const CONFIG = `apiVersion: v1
kind: ConfigMap
metadata:
  name: trap
  annotations: {trap: ${JSON.stringify(SCRIPT)}}
data: {"trap": ${JSON.stringify(SCRIPT)}}
---
apiVersion: v1
kind: Pod
metadata: {name: trap}
spec:
  containers: [{name: trap, image: 'trap.example/%3Cscript%3E:broken'}]
`;

/** A chart whose every text that people read tries to be more than text: script, addresses that are script, escapes, turned letters. */
export const HOSTILE_CHART: ChartParts = {
  name: 'trap',
  version: '1.0.0',
  metadata: [
    `appVersion: ${JSON.stringify(SCRIPT)}`,
    `description: ${JSON.stringify(`${SCRIPT}${ESCAPES}`)}`,
    'home: "javascript:globalThis.trapped=true"',
    "icon: \"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='globalThis.trapped=true'/>\"",
    'sources: ["javascript:globalThis.trapped=true"]',
    `keywords: [${JSON.stringify(SCRIPT)}]`,
    '',
  ].join('\n'),
  values: `trap: ${JSON.stringify(`${SCRIPT}${ESCAPES}`)}\n`,
  templates: {
    'config.yaml': CONFIG,
    'NOTES.txt': `${SCRIPT}\n${ESCAPES}\n[link](javascript:globalThis.trapped=true)\n`,
  },
  files: {
    'README.md': `# Trap\n${SCRIPT}\n[click](javascript:globalThis.trapped=true)\n![](https://trap.example/x.png)\n`,
  },
};
