import { readFile } from 'node:fs/promises';

/** The part of jest's JSON report that the summary needs. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numRuntimeErrorTestSuites: number;
}

// A suite that could not even run counts as one failure, so that it cannot hide.
const report = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as Report;
const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
const skipped = report.numPendingTests > 0 ? `, ${report.numPendingTests} skipped` : '';
console.log(`${report.numPassedTests} passed, ${failed} failed${skipped}`);
