import { describe, expect, test } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

/** Templates and what Helm 3.22 makes of them. */
const CASES: readonly (readonly [template: string, output: string])[] = [
  ['{{ semverCompare "^1.2.0" "1.3.0" }}', 'true'],
  ['{{ semverCompare ">=1.16-0" "1.17.0-alpha" }}', 'true'],
  ['{{ semverCompare "~1.2.3" "1.2.9" }}', 'true'],
  ['{{ semverCompare "1.x" "1.5.0" }}', 'true'],
  ['{{ semverCompare ">= 1.0, < 2.0 || 3.x" "3.1.0" }}', 'true'],
  ['{{ semverCompare "1.2 - 2.3.4" "2.3" }}', 'true'],
  ['{{ semverCompare "!=1.2.3" "1.2.3" }}', 'false'],
  ['{{ semverCompare "*" "1.0.0-rc" }}', 'false'],
  ['{{ semverCompare "v1.2.3" "1.2.3" }}', 'true'],
  ['{{ semverCompare ">1.2" "1.2.5" }}', 'false'],
  ['{{ semverCompare "<1.2.3-0" "1.2.3-alpha" }}', 'false'],
  ['{{ semverCompare "=>1.2" "v1.28.3+k3s1" }}', 'true'],
  ['{{ semverCompare ">=1.19-0" .Values.ver }}', 'false'],
  ['{{ semverCompare ">=1.21-0" "v1.29.3-gke.100" }}', 'true'],
  ['{{ semverCompare ">=1.21" "v1.29.3-gke.100" }}', 'false'],
  ['{{ semverCompare "^0.1.2" "0.1.9" }}', 'true'],
  ['{{ semverCompare "~1" "1.9" }}', 'true'],
  ['{{ semverCompare "!=1.x" "1.5" }}', 'false'],
  ['{{ semverCompare ">=1.2 <1.5" "1.3" }}', 'true'],
  ['{{ semverCompare ">=1.2,<1.5 || >2" "1.6" }}', 'false'],
  ['{{ semverCompare " 1.2.3 " "1.2.3" }}', 'true'],
];

/** Templates and Helm's errors. */
const ERRORS: readonly (readonly [template: string, error: string])[] = [
  [
    '{{ semverCompare "" "1.2.3" }}',
    'template: c/t:1:3: executing "c/t" at <semverCompare "" "1.2.3">: error calling semverCompare: improper constraint: ""',
  ],
  [
    '{{ semverCompare "abc" "1.2.3" }}',
    'template: c/t:1:3: executing "c/t" at <semverCompare "abc" "1.2.3">: error calling semverCompare: improper constraint: "abc"',
  ],
  [
    '{{ semverCompare "^1" "abc" }}',
    'template: c/t:1:3: executing "c/t" at <semverCompare "^1" "abc">: error calling semverCompare: invalid semantic version',
  ],
  [
    '{{ $v := semver .Values.ver }}{{ $v.Major }} {{ $v.Minor }} {{ $v.Patch }} {{ $v.Prerelease }} {{ $v.Metadata }} {{ $v.Original }} {{ $v }} {{ $v.IncMinor }} {{ toJson $v }} {{ $v.Compare (semver "1.2.3") }} {{ (semver "1.2.3").LessThan (semver "1.3") }} {{ $v | toString }} {{ printf "%s %v" $v $v }} {{ (semver "v1.2").IncPatch.Original }}',
    'template: c/t:1:313: executing "c/t" at <"v1.2">: can\'t evaluate field Original in type semver.Version',
  ],
  [
    '{{ semver "x.y" }}',
    'template: c/t:1:3: executing "c/t" at <semver "x.y">: error calling semver: invalid semantic version',
  ],
  [
    '{{ semver "1.2.3-01" }}',
    'template: c/t:1:3: executing "c/t" at <semver "1.2.3-01">: error calling semver: version segment starts with 0',
  ],
  ['{{ semver 1 }}', 'template: c/t:1:10: executing "c/t" at <1>: expected string; found 1'],
  [
    '{{ semverCompare ">=1.2<1.5" "1.3" }}',
    'template: c/t:1:3: executing "c/t" at <semverCompare ">=1.2<1.5" "1.3">: error calling semverCompare: improper constraint: ">=1.2<1.5"',
  ],
  [
    '{{ semverCompare "= 1.2.3 ||" "1.2.3" }}',
    'template: c/t:1:3: executing "c/t" at <semverCompare "= 1.2.3 ||" "1.2.3">: error calling semverCompare: improper constraint: ""',
  ],
  [
    '{{ semverCompare "1.2.3 - " "1.2.3" }}',
    'template: c/t:1:3: executing "c/t" at <semverCompare "1.2.3 - " "1.2.3">: error calling semverCompare: improper constraint: "1.2.3 - "',
  ],
  [
    '{{ semver "99999999999999999999.0.0" }}',
    'template: c/t:1:3: executing "c/t" at <semver "99999999999999999999.0.0">: error calling semver: error parsing version segment: strconv.ParseUint: parsing "99999999999999999999": value out of range',
  ],
  [
    '{{ semver "" }}',
    'template: c/t:1:3: executing "c/t" at <semver "">: error calling semver: invalid semantic version',
  ],
  [
    '{{ semver "1.2.3+" }}',
    'template: c/t:1:3: executing "c/t" at <semver "1.2.3+">: error calling semver: invalid semantic version',
  ],
];

describe('semver', () => {
  test.each(CASES)('%s', (template, output) => {
    expect(evaluate(template)).toBe(output);
  });

  test.each(ERRORS)('%s fails', (template, error) => {
    expect(evaluate(template)).toBe(`ERR ${error}`);
  });
});
