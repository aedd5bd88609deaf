/** A screen with what chance decides given the same length each time: times, ages of less than 100 s, and the ends of pods' names. */
export function settled(screen: string): string {
  return screen
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '2026-01-01T12:00:00.000Z')
    .replaceAll(/\b(\d?)\ds\b/g, (_, tens: string) => (tens === '' ? '5s' : `${tens}0s`))
    .replaceAll(/(-[bcdfghjklmnpqrstvwxz2456789]{8,10}-)[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '$1x7k2p');
}
