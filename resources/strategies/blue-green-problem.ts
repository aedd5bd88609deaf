import { listAt, textAt } from '../json/json.ts';
import { titleOfObject } from '../reference.ts';
import type { KubeObject } from '../types.ts';
import {
  hasPods,
  isComparable,
  isSelected,
  isService,
  objectsHere,
  POD_SPEC,
  podLabelsOf,
  selectorOf,
  SELECTORS,
  type BlueGreen,
  type Item,
} from './chart-pods.ts';

/** What more than one node may mount at once. */
const SHARED_MODES = ['ReadWriteMany', 'ReadOnlyMany'];

/** Each of these is compared with all workloads. */
const MAX = { services: 200, deployments: 50, workloads: 1_000 };

/** Why the objects of a chart cannot exist in two colours; undefined if they can. */
export function blueGreenProblem(items: readonly Item[], strategy: BlueGreen): string | undefined {
  const { service: name, preview } = strategy;
  const objects = objectsHere(items, strategy);
  const service = objects.find((object) => isService(object, name));
  if (!service) return `the chart has no Service/${name}`;
  if (preview !== undefined && objects.some((object) => isService(object, preview)))
    return `the chart has a Service/${preview} itself: give preview another name`;
  const selector = selectorOf(service);
  if (!isComparable(selector)) return `the selector of Service/${name} is too long`;
  const behind = objects.filter((object) => isSelected(selector, podLabelsOf(object)));
  if (behind.length === 0) return `Service/${name} selects no Deployment of the chart`;
  const known = tooMany(objects, behind, name) ?? namesake(objects, behind);
  return known ?? behind.flatMap((object) => problemOf(object, objects) ?? [])[0];
}

/** A colour of one must not be called like another, in this version or in one before or after it. */
function namesake(objects: readonly KubeObject[], behind: readonly KubeObject[]): string | undefined {
  const titles = new Set(behind.map((object) => titleOfObject(object)));
  const found = objects.find((object) => {
    const title = titleOfObject(object);
    const ofAnother = title.replace(/-v\d+$/, '');
    return ofAnother !== title && titles.has(ofAnother);
  });
  return found && `${titleOfObject(found)} has the name of another object's colour: rename one of them`;
}

function tooMany(objects: readonly KubeObject[], behind: readonly KubeObject[], name: string): string | undefined {
  const services = objects.filter(({ kind }) => kind === 'Service' || Object.hasOwn(SELECTORS, kind));
  const workloads = objects.filter(hasPods);
  if (behind.length > MAX.deployments) return `more than ${MAX.deployments} Deployments are behind Service/${name}`;
  if (services.length > MAX.services)
    return `the chart has more than ${MAX.services} Services, PodDisruptionBudgets and NetworkPolicies`;
  return workloads.length > MAX.workloads ? `the chart has more than ${MAX.workloads} workloads` : undefined;
}

function problemOf(object: KubeObject, objects: readonly KubeObject[]): string | undefined {
  const title = titleOfObject(object);
  if (object.kind !== 'Deployment') return `${title} cannot exist twice: only Deployments can`;
  if (textAt(object, 'spec', 'strategy', 'type') === 'Recreate')
    return `${title} cannot exist twice: by its strategy, Recreate, its old and new pods must not run at once`;
  const volumes = listAt(object, ...POD_SPEC, 'volumes');
  const claims = new Set(volumes.map((volume) => textAt(volume, 'persistentVolumeClaim', 'claimName')));
  const claim = objects.find(
    (one) => one.kind === 'PersistentVolumeClaim' && claims.has(one.metadata.name) && !isForMany(one),
  );
  if (!claim) return undefined;
  return `${title} cannot exist twice: ${titleOfObject(claim)} is for one node only, as ReadWriteMany is not among its access modes`;
}

function isForMany(claim: KubeObject): boolean {
  return listAt(claim, 'spec', 'accessModes').some((mode) => SHARED_MODES.includes(String(mode)));
}
