// Counts the API requests of Coxswain and of real Helm for the same charts on the same control plane; see README.md.
import { startInstallation } from '../test/support/cluster/installation.ts';
import { packagePublicCharts } from '../test/support/charts/public-charts.ts';
import { smallChart } from './charts.ts';
import { measureCoxswain } from './coxswain.ts';
import { measureHelm, startHelm } from './helm.ts';
import { isWithinBudgets, tableOf, type Row } from './table.ts';

const RUNS = Number(process.env['RUNS'] ?? 3);
const names = process.argv.slice(2);

const installation = await startInstallation();
const helm = await startHelm(installation);
const small = smallChart();
const given = await packagePublicCharts(process.env['CHARTS'], names.length > 0 ? names : undefined);
try {
  const rows: Row[] = [];
  for (const chart of [small, ...given.charts]) {
    process.stderr.write(`${chart.name} ${chart.version}\n`);
    const coxswain = await measureCoxswain(installation, chart, RUNS);
    rows.push({ chart, coxswain, helm: await measureHelm(helm, chart, RUNS) });
  }
  process.stdout.write(tableOf(rows));
  if (!isWithinBudgets(rows)) process.exitCode = 1;
} finally {
  await given.remove();
  await helm.remove();
  await installation.stop();
}
