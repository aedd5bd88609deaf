import { Verbatim } from '../json/index.ts';
import { GoInt, GoObject, type GoType, type TemplateMethod, type Value } from '../reflect/index.ts';
import { formatDuration, SECOND } from './duration.ts';

/** Go's time.Duration. */
class GoDuration extends GoObject {
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    super(DURATION);
    this.nanos = nanos;
  }

  /** As Go's encoding/json writes it. */
  toJSON(): bigint {
    return this.nanos;
  }

  /** As go-yaml v3 writes it. */
  toPrettyYaml(): Verbatim {
    return new Verbatim(formatDuration(this.nanos));
  }

  /** As BurntSushi/toml writes it. */
  toToml(): Verbatim {
    return new Verbatim(`"${formatDuration(this.nanos)}"`);
  }
}

/** A method without parameters of durations, by their nanoseconds. */
function method(read: (nanos: bigint) => Value): TemplateMethod {
  return { params: [], run: (duration: GoObject) => read(nanosOf(duration)) };
}

const inWhole = (unit: bigint): TemplateMethod => method((nanos) => new GoInt('int64', nanos / unit));

/** The whole units and the rest apart, as Go adds them up. */
const inUnits = (unit: bigint): TemplateMethod =>
  method((nanos) => Number(nanos / unit) + Number(nanos % unit) / Number(unit));

const DURATION: GoType = {
  name: 'time.Duration',
  kind: 'int64',
  methods: new Map([
    ['Hours', inUnits(3600n * SECOND)],
    ['Minutes', inUnits(60n * SECOND)],
    ['Seconds', inUnits(SECOND)],
    ['Milliseconds', inWhole(1_000_000n)],
    ['Microseconds', inWhole(1_000n)],
    ['Nanoseconds', inWhole(1n)],
    ['String', method(formatDuration)],
    ['Abs', method((nanos) => durationValue(nanos < 0n ? -nanos : nanos))],
  ]),
  toText: (duration) => formatDuration(nanosOf(duration)),
  toInteger: nanosOf,
  isZero: (duration) => nanosOf(duration) === 0n,
};

function nanosOf(duration: GoObject): bigint {
  return (duration as GoDuration).nanos;
}

/** A duration as templates see it. */
export function durationValue(nanos: bigint): GoObject {
  return new GoDuration(nanos);
}
