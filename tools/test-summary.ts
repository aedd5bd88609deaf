import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** The part of jest's JSON report that the summary needs. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numRuntimeErrorTestSuites: number;
  testResults: { name: string; status: string; assertionResults: Assertion[] }[];
}

interface Assertion {
  status: string;
  ancestorTitles: string[];
  title: string;
  fullName: string;
  failureMessages: string[];
}

const REASON = /\(skipped: (.*)\)$/s;

/** What the titles of skipped tests give as the reason, with the number of tests for each. */
function reasonsOf({ testResults }: Report): Map<string, number> {
  const reasons = new Map<string, number>();
  for (const { status, ancestorTitles, title } of testResults.flatMap(({ assertionResults }) => assertionResults)) {
    const reason = [...ancestorTitles, title].map((words) => REASON.exec(words)?.[1]).find(Boolean);
    if (status === 'pending' && reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return reasons;
}

/** Each test that failed with its file and the first lines of why; of a suite that did not run, its file alone. */
function failuresOf({ testResults }: Report): string[] {
  return testResults.flatMap(({ name, status, assertionResults }) => {
    const file = relative(process.cwd(), name);
    const failed = assertionResults.filter((assertion) => assertion.status === 'failed');
    if (failed.length === 0) return status === 'failed' ? [`FAIL ${file}: the suite did not run`] : [];
    return failed.map(({ fullName, failureMessages }) => `FAIL ${file}: ${fullName}\n${excerpt(failureMessages[0])}`);
  });
}

/** Of each failure, in the summary; the whole of it stands where the test ran. */
const EXCERPT_LINES = 12;

function excerpt(message = ''): string {
  const lines = stripVTControlCharacters(message)
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines
    .slice(0, EXCERPT_LINES)
    .map((line) => `  ${line}`)
    .join('\n');
}

const total = { passed: 0, failed: 0, skipped: 0 };
for (const file of process.argv.slice(2)) {
  // A run that ended before its report could be written counts as one failure, so that it cannot hide, and so does a suite that did not run.
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const report = text === undefined ? undefined : (JSON.parse(text) as Report);
  total.passed += report?.numPassedTests ?? 0;
  total.failed += report ? report.numFailedTests + report.numRuntimeErrorTestSuites : 1;
  total.skipped += report?.numPendingTests ?? 0;
  for (const [reason, count] of report ? reasonsOf(report) : []) console.log(`${count} tests skipped: ${reason}`);
  for (const failure of report ? failuresOf(report) : []) console.log(failure);
}
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
