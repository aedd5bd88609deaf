// Renders every chart below a directory by real Helm 3 and 4 and by the project's renderer as either, each for several releases and
// clusters and with MUTATIONS (3) other sets of values, and reports how they compare. Checks too what is told of where their values come from.
import { resolve } from 'node:path';
import { findCases } from './rendering/cases.ts';
import { compareAnswers } from './comparison/compare.ts';
import { explanationOf } from './comparison/explained.ts';
import { startOracles } from './rendering/oracle.ts';
import { renderOurs } from './rendering/ours.ts';
import { Report } from './comparison/report.ts';
import { variantsOf } from './rendering/variants.ts';

const [directory, filter = ''] = process.argv.slice(2);
if (directory === undefined) {
  console.error('usage: node test/conformance/main.ts DIRECTORY [PART-OF-A-TITLE]');
  process.exit(2);
}

const mutations = Number(process.env['MUTATIONS'] ?? 3);
const cases = (await findCases(resolve(directory))).filter(({ repository, title }) =>
  `${repository} ${title}`.includes(filter),
);
const columns = (await startOracles()).map((oracle) => ({ oracle, report: new Report() }));
const explained = { values: 0, faults: 0 };
for (const each of cases) {
  for (const { oracle } of columns) {
    const { values, faults } = await explanationOf(each, oracle.helmVersion);
    explained.values += values;
    explained.faults += faults.length;
    for (const fault of faults) console.log(`not where it is said to come from: ${fault}`);
  }
  for (const asked of [each, ...(await variantsOf(each, mutations))]) {
    for (const { oracle, report } of columns) {
      const helm = await oracle.render(asked);
      const ours = await renderOurs(asked, oracle.helmVersion);
      const verdict = await compareAnswers(helm, ours, () => oracle.render(asked));
      report.add(asked, verdict, helm, ours);
    }
  }
}
for (const { oracle, report } of columns) {
  await oracle.stop();
  console.log(`Helm ${oracle.helmVersion}\n${report.text()}`);
}
console.log(`${explained.values} values explained, ${explained.faults} of them wrongly`);
process.exitCode = columns.every(({ report }) => report.isClean()) && explained.faults === 0 ? 0 : 1;
