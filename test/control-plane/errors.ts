/** Why a control plane could not be had: a program is missing and cannot be built, or the cluster did not come up. */
export class ControlPlaneError extends Error {
  readonly code: 'VersionUnknown' | 'GoMissing' | 'BuildFailed' | 'StartFailed' | 'PortTaken';

  /** `message` says what was attempted, why it failed and the next step. */
  constructor(code: ControlPlaneError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ControlPlaneError';
    this.code = code;
  }
}
