import { expect, test } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

/** Templates and what Helm 4.3 makes of them. */
const CASES: readonly (readonly [template: string, output: string])[] = [
  ['{{ mustToDuration "1h30m" }}', '1h30m0s'],
  ['{{ mustToDuration " 2.5 " }}', '2.5s'],
  ['{{ mustToDuration 90 }}', '1m30s'],
  ['{{ mustToDuration 1.5 }}', '1.5s'],
  ['{{ mustToDuration (int64 -3) }}', '-3s'],
  ['{{ printf "%T" (mustToDuration 1) }}', 'time.Duration'],
  ['{{ mustToDuration (mustToDuration "5m") }}', '5m0s'],
  ['{{ (mustToDuration "90m").Hours }}', '1.5'],
  [
    '{{ mustToDuration "" }}',
    'ERR template: c/t:1:3: executing "c/t" at <mustToDuration "">: error calling mustToDuration: empty duration',
  ],
  [
    '{{ mustToDuration "soon" }}',
    'ERR template: c/t:1:3: executing "c/t" at <mustToDuration "soon">: error calling mustToDuration: could not parse duration "soon"',
  ],
  [
    '{{ mustToDuration nil }}',
    'ERR template: c/t:1:3: executing "c/t" at <mustToDuration nil>: error calling mustToDuration: invalid duration',
  ],
  [
    '{{ mustToDuration (list 1) }}',
    'ERR template: c/t:1:3: executing "c/t" at <mustToDuration (list 1)>: error calling mustToDuration: unsupported duration type []interface {}',
  ],
  [
    '{{ mustToDuration true }}',
    'ERR template: c/t:1:3: executing "c/t" at <mustToDuration true>: error calling mustToDuration: unsupported duration type bool',
  ],
  [
    '{{ mustToDuration "1e400" }}',
    'ERR template: c/t:1:3: executing "c/t" at <mustToDuration "1e400">: error calling mustToDuration: could not parse duration "1e400"',
  ],
  [
    '{{ mustToDuration "inf" }}',
    'ERR template: c/t:1:3: executing "c/t" at <mustToDuration "inf">: error calling mustToDuration: invalid duration seconds: +Inf',
  ],
  [
    '{{ mustToDuration 9223372037 }}',
    'ERR template: c/t:1:3: executing "c/t" at <mustToDuration 9223372037>: error calling mustToDuration: duration seconds overflow: 9223372037',
  ],
  [
    '{{ mustToDuration -9223372037 }}',
    'ERR template: c/t:1:3: executing "c/t" at <mustToDuration -9223372037>: error calling mustToDuration: duration seconds overflow: -9223372037',
  ],
  [
    '{{ mustToDuration 1e10 }}',
    'ERR template: c/t:1:3: executing "c/t" at <mustToDuration 1e10>: error calling mustToDuration: duration seconds overflow: 1e+10',
  ],
  ['{{ mustToDuration 9223372036.854775807 }}', '-2562047h47m16.854775808s'],
  ['{{ durationSeconds "1m30.5s" }}', '90.5'],
  ['{{ durationSeconds "x" }}', '0'],
  ['{{ durationMilliseconds "1.5s" }}', '1500'],
  ['{{ durationMicroseconds "1ms" }}', '1000'],
  ['{{ durationNanoseconds 2 }}', '2000000000'],
  ['{{ printf "%T" (durationNanoseconds 2) }}', 'int64'],
  ['{{ durationMinutes "90s" }}', '1.5'],
  ['{{ durationHours "100m" }}', '1.6666666666666665'],
  ['{{ durationDays "36h" }}', '1.5'],
  ['{{ durationWeeks "84h" }}', '0.5'],
  ['{{ durationWeeks "100h" }}', '0.5952380952380952'],
  ['{{ printf "%T" (durationDays nil) }}', 'float64'],
  ['{{ durationRoundTo "2h37m" "1h" }}', '3h0m0s'],
  ['{{ durationRoundTo "2h30m" "1h" }}', '3h0m0s'],
  ['{{ durationRoundTo "-2h30m" "1h" }}', '-3h0m0s'],
  ['{{ durationRoundTo "2h29m" "1h" }}', '2h0m0s'],
  ['{{ durationRoundTo "2h29m" "x" }}', '2h29m0s'],
  ['{{ durationRoundTo "2h29m" 0 }}', '2h29m0s'],
  ['{{ durationRoundTo "2h29m" "-1h" }}', '2h29m0s'],
  ['{{ durationRoundTo "x" "1h" }}', '0s'],
  ['{{ durationRoundTo "2562047h47m16.854775807s" "1h" }}', '2562047h47m16.854775807s'],
  ['{{ durationRoundTo "-2562047h47m16.854775807s" "1h" }}', '-2562047h47m16.854775808s'],
  ['{{ durationTruncateTo "2h37m" "1h" }}', '2h0m0s'],
  ['{{ durationTruncateTo "-2h37m" "1h" }}', '-2h0m0s'],
  ['{{ durationTruncateTo "2h37m" -5 }}', '2h37m0s'],
  ['{{ durationTruncateTo 100 7 }}', '1m38s'],
  ['{{ toJson (mustToDuration 2) }}', '2000000000'],
  ['{{ add 1 (durationMilliseconds 2) }}', '2001'],
];

test.each(CASES)('%s', (template, output) => {
  expect(evaluate(template)).toBe(output);
});
