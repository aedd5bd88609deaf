/** Abbreviations of the IANA database, with the names that Intl has for the same. */
const NAMES: Readonly<Record<string, string>> = {
  ACDT: 'Australian Central Daylight Time',
  ACST: 'Australian Central Standard Time',
  ADT: 'Atlantic Daylight Time',
  AEDT: 'Australian Eastern Daylight Time',
  AEST: 'Australian Eastern Standard Time',
  AKDT: 'Alaska Daylight Time',
  AKST: 'Alaska Standard Time',
  AST: 'Atlantic Standard Time',
  AWDT: 'Australian Western Daylight Time',
  AWST: 'Australian Western Standard Time',
  BST: 'British Summer Time',
  CAT: 'Central Africa Time',
  CDT: 'Central Daylight Time, China Daylight Time, Cuba Daylight Time, Macao Summer Time, Taiwan Daylight Time',
  CEST: 'Central European Summer Time',
  CET: 'Central European Standard Time',
  CST: 'Central Standard Time, China Standard Time, Cuba Standard Time, Macao Standard Time, Taiwan Standard Time',
  ChST: 'Chamorro Standard Time',
  EAT: 'East Africa Time',
  EDT: 'Eastern Daylight Time',
  EEST: 'Eastern European Summer Time',
  EET: 'Eastern European Standard Time',
  EST: 'Eastern Standard Time',
  GMT: 'Greenwich Mean Time',
  GST: 'Guam Standard Time, Northern Mariana Islands Time',
  HDT: 'Hawaii-Aleutian Daylight Time',
  HKST: 'Hong Kong Summer Time',
  HKT: 'Hong Kong Standard Time',
  HST: 'Hawaii-Aleutian Standard Time',
  IDT: 'Israel Daylight Time',
  IST: 'India Standard Time, Irish Standard Time, Israel Standard Time',
  JST: 'Japan Standard Time',
  KDT: 'Korean Daylight Time',
  KST: 'Korean Standard Time, North Korea Time',
  MDT: 'Mountain Daylight Time, Mexican Pacific Daylight Time',
  MSD: 'Moscow Summer Time, Volgograd Summer Time',
  MSK: 'Moscow Standard Time, Volgograd Standard Time',
  MST: 'Mountain Standard Time, Mexican Pacific Standard Time, Yukon Time',
  NDT: 'Newfoundland Daylight Time',
  NST: 'Newfoundland Standard Time',
  NZDT: 'New Zealand Daylight Time',
  NZST: 'New Zealand Standard Time',
  PDT: 'Pacific Daylight Time, Philippine Summer Time',
  PKST: 'Pakistan Summer Time',
  PKT: 'Pakistan Standard Time',
  PST: 'Pacific Standard Time, Philippine Standard Time',
  SAST: 'South Africa Standard Time',
  SST: 'American Samoa Standard Time',
  UTC: 'Coordinated Universal Time',
  WAT: 'West Africa Time',
  WEST: 'Western European Summer Time',
  WET: 'Western European Standard Time',
  WIB: 'Western Indonesia Time',
  WIT: 'Eastern Indonesia Time',
  WITA: 'Central Indonesia Time',
};

const BY_NAME: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMES).flatMap(([letters, names]) => names.split(', ').map((name) => [name, letters] as const)),
);

/** Zones without letters that Intl counts among their neighbours, and the letters of those neighbours. */
const LETTERLESS = new Set(
  [
    'Africa/Casablanca Africa/El_Aaiun Antarctica/Casey Antarctica/Troll Asia/Colombo Asia/Dili Asia/Thimbu Asia/Thimphu',
    'Europe/Astrakhan Europe/Minsk Europe/Samara Europe/Saratov Europe/Ulyanovsk',
  ].flatMap((names) => names.split(' ')),
);
const BORROWED = new Set(['AWST', 'GMT', 'IST', 'MSD', 'MSK', 'WEST', 'WET', 'WITA']);

/** The letters of zones for when Intl has no name. */
const OTHERWISE: ReadonlyMap<string, string> = new Map([
  ...['Africa/Juba', 'Africa/Khartoum'].map((zone) => [zone, 'CAST'] as const),
  ...['Europe/Guernsey', 'Europe/Isle_of_Man', 'Europe/Jersey'].map((zone) => [zone, 'BST'] as const),
  ...['Europe/Belfast', 'Europe/London', 'GB', 'GB-Eire'].map((zone) => [zone, 'BST'] as const),
  ...['Eire', 'Europe/Dublin'].map((zone) => [zone, 'IST'] as const),
  ...['Pacific/Midway', 'Pacific/Pago_Pago', 'Pacific/Samoa', 'US/Samoa'].map((zone) => [zone, 'SST'] as const),
  ['Africa/Windhoek', 'CAT'],
  ['Europe/Kirov', 'MSK'],
]);

/** The letters that the IANA database has for a zone while Intl calls its time so; undefined where it has none. */
export function zoneLetters(zone: string, longName: string): string | undefined {
  if (/^(?:Etc\/)?GMT(?:[-+]?0)?$/.test(zone)) return 'GMT';
  const letters = BY_NAME.get(longName) ?? (longName.startsWith('GMT') ? OTHERWISE.get(zone) : undefined);
  return letters !== undefined && BORROWED.has(letters) && LETTERLESS.has(zone) ? undefined : letters;
}
