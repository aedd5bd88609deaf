import type { KubeObject } from '../types.ts';

/** A request through a Service, and the answer that is expected to it. */
interface HttpRequestCheck {
  /** The name of the Job. */
  name: string;
  url: string;
  expectedStatus: number;
  /** For how long it is repeated. */
  timeoutSeconds: number;
  /** An image with `sh`, `date`, `sleep` and `curl`. */
  image: string;
}

/** What is requested is in the environment: none of it is run as a program. */
const SCRIPT = `command -v curl >/dev/null || { echo "the image has no curl"; exit 1; }
end=$(($(date +%s) + TIMEOUT))
while :; do
  code=$(curl --globoff --silent --show-error --output /dev/null --max-time 10 --write-out '%{http_code}' "$URL")
  [ "$code" = "$EXPECTED" ] && exit 0
  [ "$(date +%s)" -ge "$end" ] && break
  sleep 1
done
[ "$code" = 000 ] && code=nothing
echo "$URL answers $code, not $EXPECTED"
exit 1
`;
/** For its pod to be placed and its image to be pulled. */
const START_SECONDS = 300;
const NOBODY = 65_534;

/** The Job that makes a request until the answer is as expected. It runs where no pod may have any right, and takes little of a quota. */
export function httpCheckJob({ name, url, expectedStatus, timeoutSeconds, image }: HttpRequestCheck): KubeObject {
  const env = Object.entries({ URL: url, EXPECTED: expectedStatus, TIMEOUT: timeoutSeconds });
  const container = {
    name: 'http',
    image,
    command: ['sh', '-c', SCRIPT],
    // Kubernetes would put variables in.
    env: env.map(([key, value]) => ({ name: key, value: String(value).replaceAll('$', '$$$$') })),
    resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { cpu: '100m', memory: '64Mi' } },
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: timeoutSeconds + START_SECONDS,
      ttlSecondsAfterFinished: 3_600,
      template: {
        spec: {
          restartPolicy: 'Never',
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: { runAsNonRoot: true, runAsUser: NOBODY, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [container],
        },
      },
    },
  };
}
