import type { RoleHolderAnswer } from '@sallyport/client/answers';

/** Over what an assignment is held. */
export const overWords = ({ resourceSet, targets }: Pick<RoleHolderAnswer, 'resourceSet' | 'targets'>): string =>
  resourceSet !== null
    ? resourceSet.label
    : targets === null
      ? 'everything'
      : targets.length === 0
        ? 'nothing: its last target is gone'
        : targets.join(', ');
