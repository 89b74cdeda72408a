import type { BundleAnswer } from '@sallyport/client/answers';

export type Bundle = BundleAnswer;
type HeldRole = Bundle['roles'][number];

/** What programs read and write; the list in full is `ALL`. */
export const BUNDLES = '/api/v1/iam/governance/bundles';
export const ALL = '/sallyport/v1/bundles';

export const roleWords = ({ role, resourceSet, targets }: HeldRole): string => {
  if (resourceSet !== null) return `${role.label}, over ${resourceSet.label}`;
  if (targets === null) return `${role.label}, over everything`;
  const names = targets.map(({ name }) => name ?? 'something that is gone');
  return `${role.label}, for ${names.length === 0 ? 'nothing: its last target is gone' : names.join(', ')}`;
};

/** `3 people have it for a while, or will.` */
export const openWords = (open: number): string => {
  if (open === 0) return 'Nobody has it, or will.';
  return open === 1 ? 'One person has it for a while, or will.' : `${open} people have it for a while, or will.`;
};
