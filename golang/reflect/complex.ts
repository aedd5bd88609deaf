import { GoObject, type GoType } from './values.ts';

const COMPLEX: GoType = {
  name: 'complex128',
  kind: 'complex128',
  isZero: (value) => value instanceof Complex && value.real === 0 && value.imaginary === 0,
};

/** A Go complex128, which only a constant such as `2i` can be. */
export class Complex extends GoObject {
  readonly real: number;
  readonly imaginary: number;

  constructor(real: number, imaginary: number) {
    super(COMPLEX);
    this.real = real;
    this.imaginary = imaginary;
  }

  /** What Go's encoding/json says of it. */
  toJSON(): never {
    throw new Error('json: unsupported type: complex128');
  }
}
