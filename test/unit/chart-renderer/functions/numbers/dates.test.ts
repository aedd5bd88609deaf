import { describe, expect, test } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

/** Templates and what Helm 3.22 makes of them. */
const CASES: readonly (readonly [template: string, output: string])[] = [
  ['{{ date "2006-01-02" 0 }}', '1970-01-01'],
  ['{{ date "Mon Jan _2 15:04:05 MST 2006" 1700000000 }}', 'Tue Nov 14 22:13:20 UTC 2023'],
  [
    '{{ dateInZone "2006-01-02T15:04:05Z07:00 MST -0700" 1700000000 "America/New_York" }}',
    '2023-11-14T17:13:20-05:00 EST -0500',
  ],
  ['{{ dateInZone "15:04 MST" 1700000000 "Europe/Berlin" }}', '23:13 CET'],
  // Go knows no offset by such a name, and takes UTC.
  ['{{ dateInZone "15:04 MST" 1700000000 "+0100" }}', '22:13 UTC'],
  ['{{ dateInZone "15:04 MST" 1700000000 "Asia/Tokyo" }}', '07:13 JST'],
  ['{{ dateInZone "15:04 MST" 1700000000 "Nope/Zone" }}', '22:13 UTC'],
  [
    '{{ dateInZone "3:04:05.000 PM .999 __2 002 pm January Monday 06 Janet 1/2" 1700000000 "UTC" }}',
    '10:13:20.000 PM  318 318 pm November Tuesday 23 Janet 11/14',
  ],
  ['{{ htmlDate 1700000000 }}', '2023-11-14'],
  ['{{ htmlDateInZone 1700000000 "Asia/Kolkata" }}', '2023-11-15'],
  ['{{ dateInZone "MST -07 Z07" 1700000000 "Asia/Kolkata" }}', 'IST +05 +05'],
  ['{{ (toDate "2006-01-02" "2023-11-14").Format "Jan 2, 2006" }}', 'Nov 14, 2023'],
  ['{{ toDate "2006-01-02" "bad" }}', '0001-01-01 00:00:00 +0000 UTC'],
  ['{{ (toDate "2006-01-02 15:04:05 -0700" "2023-11-14 22:13:20 +0200").Unix }}', '1699992800'],
  ['{{ toDate "2006-01-02T15:04:05Z07:00" "2023-11-14T22:13:20.5Z" | date "15:04:05.000" }}', '22:13:20.500'],
  ['{{ dateModify "-1.5h" (toDate "2006-01-02" "2023-11-14") }}', '2023-11-13 22:30:00 +0000 UTC'],
  [
    '{{ dateModify "-9223372036854775808ns" (toDate "2006-01-02" "2023-11-14") }}',
    '1731-08-05 00:12:43.145224192 +0000 UTC',
  ],
  ['{{ mustDateModify "-1.5h" (toDate "2006-01-02" "2023-11-14") }}', '2023-11-13 22:30:00 +0000 UTC'],
  ['{{ must_date_modify "24h" (toDate "2006-01-02" "2023-11-14") }}', '2023-11-15 00:00:00 +0000 UTC'],
  ['{{ date_in_zone "15:04 MST" 1700000000 "Asia/Tokyo" }}', '07:13 JST'],
  ['{{ unixEpoch (toDate "2006-01-02" "2023-11-14") }}', '1699920000'],
  ['{{ (toDate "2006-01-02" "2024-02-29").YearDay }}', '60'],
  ['{{ (toDate "2006-01-02" "2024-02-29").Weekday }}', 'Thursday'],
  ['{{ (toDate "2006-01-02" "2024-02-29").Month }}', 'February'],
  ['{{ (toDate "2006-01-02" "2024-01-31").AddDate 0 1 0 }}', '2024-03-02 00:00:00 +0000 UTC'],
  ['{{ toDate "Jan 2 2006 3:04PM" "Feb 3 2021 4:05PM" }}', '2021-02-03 16:05:00 +0000 UTC'],
  ['{{ dateInZone "15:04 MST" (int64 1720000000) "Africa/Johannesburg" }}', '11:46 SAST'],
  ['{{ dateInZone "15:04 MST" (int64 1720000000) "Asia/Colombo" }}', '15:16 +0530'],
  ['{{ dateInZone "15:04 MST" (int64 1720000000) "europe/london" }}', '09:46 UTC'],
  ['{{ dateInZone "15:04 MST" (int64 1720000000) "JST" }}', '09:46 UTC'],
  [
    '{{ eq (toDate "2006" "2020") (toDate "2006" "2020") }} {{ eq (toDate "2006" "2020") (toDate "2006" "2021") }}',
    'true false',
  ],
  ['{{ toDate "2006-01-02 MST" "2020-01-01 GMT+3" }}', '2020-01-01 03:00:00 +0300 GMT+3'],
  ['{{ toDate "2006-01-02 MST" "2020-01-01 ABCD" }}', '0001-01-01 00:00:00 +0000 UTC'],
  ['{{ toDate "2006 002" "2024 060" }}', '2024-02-29 00:00:00 +0000 UTC'],
  [
    '{{ $d := (toDate "2006-01-02" "2020-05-06").Sub (toDate "15" "03") }}{{ $d }} {{ toJson $d }}',
    '2562047h47m16.854775807s 9223372036854775807',
  ],
  [
    '{{ $d := (toDate "2006-01-02 15:04" "2020-05-06 01:30").Sub (toDate "2006-01-02" "2020-05-05") }}{{ $d }} {{ $d.Hours }} {{ $d.Milliseconds }} {{ kindOf $d }} {{ gt $d 5 }}',
    '25h30m0s 25.5 91800000 int64 true',
  ],
  ['{{ (toDate "2006" "2020").Compare (toDate "2006" "2021") }}', '-1'],
  ['{{ toDate "2006-01-02 -07:00" "2021-02-03 +05:30" }}', '2021-02-03 00:00:00 +0530 +0530'],
  ['{{ toDate "02/01/06 MST" "03/02/21 CET" }}', '2021-02-03 00:00:00 +0000 CET'],
  ['{{ duration 95 }}', '0s'],
  ['{{ duration "95" }}', '1m35s'],
  ['{{ duration (int64 3661) }}', '1h1m1s'],
  ['{{ duration "x" }}', '0s'],
  ['{{ durationRound "2h10m5s" }}', '2h'],
  ['{{ durationRound "2400h10m5s" }}', '3mo'],
  ['{{ durationRound "x" }}', '0s'],
  ['{{ durationRound (int64 5000000000) }}', '5s'],
  ['{{ durationRound 5 }}', '0s'],
  ['{{ durationRound "1.5s" }}', '1s'],
  ['{{ durationRound "-3m" }}', '3m'],
  ['{{ duration "0" }}', '0s'],
  ['{{ duration "86400" }}', '24h0m0s'],
];

/** Templates and Helm's errors. */
const ERRORS: readonly (readonly [template: string, error: string])[] = [
  [
    '{{ mustToDate "2006-01-02" "2023-13-14" }}',
    'template: c/t:1:3: executing "c/t" at <mustToDate "2006-01-02" "2023-13-14">: error calling mustToDate: parsing time "2023-13-14": month out of range',
  ],
  [
    '{{ mustToDate "2006-01-02" "x" }}',
    'template: c/t:1:3: executing "c/t" at <mustToDate "2006-01-02" "x">: error calling mustToDate: parsing time "x" as "2006-01-02": cannot parse "x" as "2006"',
  ],
  [
    '{{ mustToDate "2006-01-02" "2023-02-30" }}',
    'template: c/t:1:3: executing "c/t" at <mustToDate "2006-01-02" "2023-02-30">: error calling mustToDate: parsing time "2023-02-30": day out of range',
  ],
  [
    '{{ mustToDate "2006-01-02" "2023-01-02x" }}',
    'template: c/t:1:3: executing "c/t" at <mustToDate "2006-01-02" "2023-01-02x">: error calling mustToDate: parsing time "2023-01-02x": extra text: "x"',
  ],
  [
    '{{ mustDateModify "soon" (now) }}',
    'template: c/t:1:3: executing "c/t" at <mustDateModify "soon" (now)>: error calling mustDateModify: time: invalid duration "soon"',
  ],
  [
    '{{ mustDateModify "1h5" (now) }}',
    'template: c/t:1:3: executing "c/t" at <mustDateModify "1h5" (now)>: error calling mustDateModify: time: missing unit in duration "1h5"',
  ],
  [
    '{{ mustDateModify "5 days" (now) }}',
    'template: c/t:1:3: executing "c/t" at <mustDateModify "5 days" (now)>: error calling mustDateModify: time: unknown unit " days" in duration "5 days"',
  ],
  [
    '{{ mustDateModify "9223372036854775808ns" (now) }}',
    'template: c/t:1:3: executing "c/t" at <mustDateModify "9223372036854775808ns" (now)>: error calling mustDateModify: time: invalid duration "9223372036854775808ns"',
  ],
  [
    '{{ mustDateModify "1é\\n" (now) }}',
    'template: c/t:1:3: executing "c/t" at <mustDateModify "1é\\n" (now)>: error calling mustDateModify: time: unknown unit "\\xc3\\xa9\\x0a" in duration "1\\xc3\\xa9\\x0a"',
  ],
  [
    '{{ dateModify "1h" "x" }}',
    'template: c/t:1:19: executing "c/t" at <"x">: can\'t handle "x" for arg of type time.Time',
  ],
];

describe('dates', () => {
  test.each(CASES)('%s', (template, output) => {
    expect(evaluate(template)).toBe(output);
  });

  test.each(ERRORS)('%s fails', (template, error) => {
    expect(evaluate(template)).toBe(`ERR ${error}`);
  });
});
