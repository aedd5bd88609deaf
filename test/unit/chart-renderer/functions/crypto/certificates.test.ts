import { describe, expect, test } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

/** Templates and what Helm 3.22 makes of them. */
const CASES: readonly (readonly [template: string, output: string])[] = [
  ['{{ genPrivateKey "nope" }}', 'Unknown type nope'],
];

/** Templates and Helm's errors. */
const ERRORS: readonly (readonly [template: string, error: string])[] = [
  ['{{ genCA "x" "y" }}', 'template: c/t:1:13: executing "c/t" at <"y">: expected integer; found "y"'],
  [
    '{{ genSignedCert "cn" nil nil 365 "ca" }}',
    'template: c/t:1:34: executing "c/t" at <"ca">: can\'t handle "ca" for arg of type sprig.certificate',
  ],
  [
    '{{ genSelfSignedCert "cn" (list 1) nil 365 }}',
    'template: c/t:1:3: executing "c/t" at <genSelfSignedCert "cn" (list 1) nil 365>: error calling genSelfSignedCert: error parsing ip: 1 is not a string',
  ],
  [
    '{{ genSelfSignedCert "cn" (list "x") nil 365 }}',
    'template: c/t:1:3: executing "c/t" at <genSelfSignedCert "cn" (list "x") nil 365>: error calling genSelfSignedCert: error parsing ip: x',
  ],
  [
    '{{ genSelfSignedCert "cn" nil (list 1) 365 }}',
    'template: c/t:1:3: executing "c/t" at <genSelfSignedCert "cn" nil (list 1) 365>: error calling genSelfSignedCert: error processing alternate dns name: 1 is not a string',
  ],
  [
    '{{ genCAWithKey "cn" 1 "nokey" }}',
    'template: c/t:1:3: executing "c/t" at <genCAWithKey "cn" 1 "nokey">: error calling genCAWithKey: parsing private key: no PEM data in input',
  ],
  [
    '{{ buildCustomCert "x" "y" }}',
    'template: c/t:1:3: executing "c/t" at <buildCustomCert "x" "y">: error calling buildCustomCert: unable to decode base64 certificate',
  ],
  [
    '{{ buildCustomCert "eA==" "eQ==" }}',
    'template: c/t:1:3: executing "c/t" at <buildCustomCert "eA==" "eQ==">: error calling buildCustomCert: unable to decode certificate',
  ],
];

describe('certificates', () => {
  test.each(CASES)('%s', (template, output) => {
    expect(evaluate(template)).toBe(output);
  });

  test.each(ERRORS)('%s fails', (template, error) => {
    expect(evaluate(template)).toBe(`ERR ${error}`);
  });
});
